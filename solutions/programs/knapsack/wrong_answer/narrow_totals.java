// judge: expect=WA case=knapsack/large_values@n=64
// Totals of 32 bits: they wrap once a few values near 10^9 are added.
import java.io.*;

public class Main {
    static StreamTokenizer tokens = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));

    static int next() throws IOException {
        tokens.nextToken();
        return (int) tokens.nval;
    }

    public static void main(String[] arguments) throws IOException {
        int n = next(), capacity = next();
        int[] volumes = new int[n], values = new int[n];
        for (int i = 0; i < n; i++) volumes[i] = next();
        for (int i = 0; i < n; i++) values[i] = next();
        int[] best = new int[capacity + 1];
        for (int i = 0; i < n; i++)
            for (int total = capacity; total >= volumes[i]; total--)
                best[total] = Math.max(best[total], best[total - volumes[i]] + values[i]);
        System.out.println(best[capacity]);
    }
}
