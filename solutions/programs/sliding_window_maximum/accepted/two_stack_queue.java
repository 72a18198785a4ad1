// judge: expect=AC growth=n
// A queue made of two stacks that know their maxima; the front one is refilled from the back one. O(n).
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;

public class Main {
    private static final DataInputStream INPUT = new DataInputStream(System.in);
    private static final byte[] BUFFER = new byte[1 << 16];
    private static int length = 0;
    private static int position = 0;

    private static int nextByte() throws IOException {
        if (position == length) {
            length = INPUT.read(BUFFER);
            position = 0;
            if (length <= 0) return -1;
        }
        return BUFFER[position++];
    }

    private static int nextInt() throws IOException {
        int character = nextByte();
        while (character <= ' ') character = nextByte();
        boolean negative = character == '-';
        if (negative) character = nextByte();
        int value = 0;
        for (; character >= '0'; character = nextByte()) value = 10 * value - (character - '0');
        return negative ? value : -value;
    }

    public static void main(String[] arguments) throws IOException {
        int n = nextInt();
        int k = nextInt();
        int[] numbers = new int[n];
        for (int i = 0; i < n; i++) numbers[i] = nextInt();

        // frontMaxima[0..front) is the front stack, the oldest of the window on top.
        int[] frontMaxima = new int[k];
        int front = 0;
        int backMaximum = Integer.MIN_VALUE;
        StringBuilder output = new StringBuilder();
        for (int i = 0; i < n; i++) {
            backMaximum = Math.max(backMaximum, numbers[i]);
            if (i < k - 1) continue;
            if (front == 0) {
                int maximum = Integer.MIN_VALUE;
                for (int j = i; j > i - k; j--) {
                    maximum = Math.max(maximum, numbers[j]);
                    frontMaxima[front++] = maximum;
                }
                backMaximum = Integer.MIN_VALUE;
            }
            output.append(Math.max(frontMaxima[--front], backMaximum)).append(i + 1 < n ? ' ' : '\n');
        }
        PrintStream stream = new PrintStream(System.out, false);
        stream.append(output);
        stream.flush();
    }
}
