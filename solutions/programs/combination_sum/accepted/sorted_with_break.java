// judge: expect=AC growth=combinations*log(combinations)
// Backtracking over sorted candidates: the first one that is too great ends the loop.
import java.io.*;
import java.util.*;

public class Main {
    static int[] candidates;
    static int[] path = new int[100_001];
    static int found = 0;
    static final StringBuilder text = new StringBuilder();

    static void descend(int from, int rest, int length) {
        if (rest == 0) {
            found++;
            text.append(length);
            for (int i = 0; i < length; i++) text.append(' ').append(path[i]);
            text.append('\n');
            return;
        }
        for (int i = from; i < candidates.length && candidates[i] <= rest; i++) {
            path[length] = candidates[i];
            descend(i, rest - candidates[i], length + 1);
        }
    }

    public static void main(String[] arguments) throws IOException {
        StreamTokenizer tokens = new StreamTokenizer(new BufferedReader(new InputStreamReader(System.in)));
        tokens.nextToken();
        candidates = new int[(int) tokens.nval];
        tokens.nextToken();
        int target = (int) tokens.nval;
        for (int i = 0; i < candidates.length; i++) {
            tokens.nextToken();
            candidates[i] = (int) tokens.nval;
        }
        Arrays.sort(candidates);
        descend(0, target, 0);
        System.out.println(found);
        System.out.print(text);
    }
}
