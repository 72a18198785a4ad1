// judge: expect=WA case=minimum_window_substring/counts_over_255@n=1000
// Compares Integer objects with ==. Java shares those up to 127; beyond, equal counts are different objects.
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.Map;

public class Main {
    public static void main(String[] arguments) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(System.in));
        String text = reader.readLine();
        String target = reader.readLine();
        Map<Character, Integer> needed = new HashMap<>();
        for (char letter : target.toCharArray()) needed.merge(letter, 1, Integer::sum);

        Map<Character, Integer> held = new HashMap<>();
        int formed = 0;
        int start = 0;
        int bestStart = 0;
        int bestLength = Integer.MAX_VALUE;
        for (int last = 0; last < text.length(); last++) {
            char entering = text.charAt(last);
            held.merge(entering, 1, Integer::sum);
            if (needed.containsKey(entering) && held.get(entering) == needed.get(entering)) formed++;
            while (formed == needed.size()) {
                if (last - start + 1 < bestLength) {
                    bestLength = last - start + 1;
                    bestStart = start;
                }
                char leaving = text.charAt(start++);
                held.merge(leaving, -1, Integer::sum);
                if (needed.containsKey(leaving) && held.get(leaving) < needed.get(leaving)) formed--;
            }
        }
        boolean found = bestLength < Integer.MAX_VALUE;
        System.out.println(found ? text.substring(bestStart, bestStart + bestLength) : "");
    }
}
