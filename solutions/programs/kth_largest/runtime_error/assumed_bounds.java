// judge: expect=RE case=kth_largest/random@n=1000
// Counts by value, for the bounds of a well-known version of this task: -10^4 to 10^4.
import java.util.Scanner;

public class Main {
    private static final int BOUND = 10_000;

    public static void main(String[] arguments) {
        Scanner scanner = new Scanner(System.in);
        int n = scanner.nextInt();
        int k = scanner.nextInt();
        int[] counts = new int[2 * BOUND + 1];
        for (int i = 0; i < n; i++) counts[scanner.nextInt() + BOUND]++;
        int value = BOUND;
        for (k -= counts[BOUND + value]; k > 0; k -= counts[BOUND + value]) value--;
        System.out.println(value);
    }
}
