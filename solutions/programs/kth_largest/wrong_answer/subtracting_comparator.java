// judge: expect=WA case=kth_largest/extremes@n=2,k=1
// Compares by subtraction, which overflows: Integer.MAX_VALUE - Integer.MIN_VALUE is -1.
import java.util.PriorityQueue;
import java.util.Scanner;

public class Main {
    public static void main(String[] arguments) {
        Scanner scanner = new Scanner(System.in);
        int n = scanner.nextInt();
        int k = scanner.nextInt();
        PriorityQueue<Integer> largest = new PriorityQueue<>((a, b) -> a - b);
        for (int i = 0; i < n; i++) {
            largest.add(scanner.nextInt());
            if (largest.size() > k) largest.poll();
        }
        System.out.println(largest.peek());
    }
}
