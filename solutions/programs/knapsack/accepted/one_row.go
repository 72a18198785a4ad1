// judge: expect=AC growth=n*capacity
// The textbook: one row of totals by volume, descending so that an item counts once.
package main

import (
	"bufio"
	"fmt"
	"os"
)

func main() {
	reader := bufio.NewReaderSize(os.Stdin, 1<<20)
	var n, capacity int
	fmt.Fscan(reader, &n, &capacity)
	volumes, values := make([]int, n), make([]int64, n)
	for i := range volumes {
		fmt.Fscan(reader, &volumes[i])
	}
	for i := range values {
		fmt.Fscan(reader, &values[i])
	}
	best := make([]int64, capacity+1)
	for i, volume := range volumes {
		if volume > capacity {
			continue
		}
		row, with := best[volume:], best[:capacity-volume+1]
		for j := len(with) - 1; j >= 0; j-- {
			if total := with[j] + values[i]; total > row[j] {
				row[j] = total
			}
		}
	}
	fmt.Println(best[capacity])
}
