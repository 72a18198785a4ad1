// judge: expect=WA case=sliding_window_maximum/extremes@n=1000
// The sign of a difference tells which integer is greater only while the difference does not overflow.
import java.util.ArrayDeque;
import java.util.Scanner;

public class Main {
    public static void main(String[] arguments) {
        Scanner scanner = new Scanner(System.in);
        int n = scanner.nextInt();
        int k = scanner.nextInt();
        int[] numbers = new int[n];
        for (int i = 0; i < n; i++) numbers[i] = scanner.nextInt();

        ArrayDeque<Integer> places = new ArrayDeque<>();
        StringBuilder output = new StringBuilder();
        for (int i = 0; i < n; i++) {
            while (!places.isEmpty() && numbers[places.peekLast()] - numbers[i] <= 0) places.pollLast();
            places.addLast(i);
            if (places.peekFirst() == i - k) places.pollFirst();
            if (i >= k - 1) output.append(numbers[places.peekFirst()]).append(' ');
        }
        System.out.println(output);
    }
}
