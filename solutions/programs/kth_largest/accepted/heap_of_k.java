// judge: expect=AC growth=n*log(n)
// A priority queue of the k largest seen so far. O(n log k).
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.PriorityQueue;

public class Main {
    private static final InputStream INPUT = new BufferedInputStream(System.in, 1 << 16);

    private static int read() throws IOException {
        int character = INPUT.read();
        while (character != '-' && (character < '0' || character > '9')) {
            if (character < 0) throw new IOException("the input ends too early");
            character = INPUT.read();
        }
        boolean isNegative = character == '-';
        if (isNegative) character = INPUT.read();
        long value = 0;
        for (; character >= '0' && character <= '9'; character = INPUT.read()) {
            value = value * 10 + character - '0';
        }
        return (int) (isNegative ? -value : value);
    }

    public static void main(String[] arguments) throws IOException {
        int n = read();
        int k = read();
        PriorityQueue<Integer> largest = new PriorityQueue<>(k);
        for (int i = 0; i < n; i++) {
            int number = read();
            if (largest.size() < k) {
                largest.add(number);
            } else if (number > largest.peek()) {
                largest.poll();
                largest.add(number);
            }
        }
        System.out.println(largest.peek());
    }
}
