// judge: expect=AC growth=n
// One end grows the window until it holds the target, the other shrinks it while it does. O(n + m).
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
)

func main() {
	reader := bufio.NewReaderSize(os.Stdin, 1<<16)
	text, _ := reader.ReadString('\n')
	target, _ := reader.ReadString('\n')
	text, target = strings.TrimSpace(text), strings.TrimSpace(target)

	var lacking [256]int
	for i := 0; i < len(target); i++ {
		lacking[target[i]]++
	}
	total, start, bestStart, bestEnd := len(target), 0, 0, 0
	for last := 0; last < len(text); last++ {
		if lacking[text[last]] > 0 {
			total--
		}
		lacking[text[last]]--
		for total == 0 {
			if bestEnd == 0 || last+1-start < bestEnd-bestStart {
				bestStart, bestEnd = start, last+1
			}
			lacking[text[start]]++
			if lacking[text[start]] > 0 {
				total++
			}
			start++
		}
	}
	fmt.Println(text[bestStart:bestEnd])
}
