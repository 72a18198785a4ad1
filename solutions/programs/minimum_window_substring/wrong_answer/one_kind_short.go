// judge: expect=WA case=minimum_window_substring/near_misses@n=1000
// Compares the kinds of letters formed with one less than there are: a window may lack one.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	reader := bufio.NewReader(os.Stdin)
	text, _ := reader.ReadString('\n')
	target, _ := reader.ReadString('\n')
	text, target = strings.TrimSpace(text), strings.TrimSpace(target)

	needed := map[byte]int{}
	for i := 0; i < len(target); i++ {
		needed[target[i]]++
	}
	held := map[byte]int{}
	formed, start, best := 0, 0, ""
	for last := 0; last < len(text); last++ {
		held[text[last]]++
		if needed[text[last]] > 0 && held[text[last]] == needed[text[last]] {
			formed++
		}
		for formed >= len(needed)-1 && start <= last {
			if best == "" || last+1-start < len(best) {
				best = text[start : last+1]
			}
			if needed[text[start]] > 0 && held[text[start]] == needed[text[start]] {
				formed--
			}
			held[text[start]]--
			start++
		}
	}
	fmt.Println(best)
}
