// judge: expect=RE case=combination_sum/huge_candidates@n=5
// Adds up before it compares, in 32 bits: a sum with a candidate near 2^31 wraps to below the target, and from there
// the recursion adds small candidates until the stack overflows.
import java.util.*;

public class Main {
    static int[] candidates;
    static int target;
    static final Deque<Integer> path = new ArrayDeque<>();
    static final List<List<Integer>> found = new ArrayList<>();

    static void descend(int from, int sum) {
        if (sum == target) {
            found.add(new ArrayList<>(path));
            return;
        }
        for (int i = from; i < candidates.length; i++) {
            if (sum + candidates[i] > target) continue;
            path.addLast(candidates[i]);
            descend(i, sum + candidates[i]);
            path.removeLast();
        }
    }

    public static void main(String[] arguments) {
        Scanner scanner = new Scanner(System.in);
        candidates = new int[scanner.nextInt()];
        target = scanner.nextInt();
        for (int i = 0; i < candidates.length; i++) candidates[i] = scanner.nextInt();
        descend(0, 0);
        StringBuilder text = new StringBuilder().append(found.size()).append('\n');
        for (List<Integer> combination : found) {
            text.append(combination.size());
            for (int value : combination) text.append(' ').append(value);
            text.append('\n');
        }
        System.out.print(text);
    }
}
