// judge: expect=WA case=kth_largest/extremes@n=1000,k=1000
// Turns a min-heap into a max-heap by negation; but -MinInt32 is MinInt32 again, so the least number comes out first.
package main

import (
	"bufio"
	"container/heap"
	"fmt"
	"os"
)

type minHeap []int32

func (h minHeap) Len() int           { return len(h) }
func (h minHeap) Less(i, j int) bool { return h[i] < h[j] }
func (h minHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *minHeap) Push(value any)    { *h = append(*h, value.(int32)) }

func (h *minHeap) Pop() any {
	last := len(*h) - 1
	value := (*h)[last]
	*h = (*h)[:last]
	return value
}

func main() {
	reader := bufio.NewReader(os.Stdin)
	var n, k int
	fmt.Fscan(reader, &n, &k)
	negated := &minHeap{}
	for i := 0; i < n; i++ {
		var number int32
		fmt.Fscan(reader, &number)
		*negated = append(*negated, -number)
	}
	heap.Init(negated)
	for i := 1; i < k; i++ {
		heap.Pop(negated)
	}
	fmt.Println(-(*negated)[0])
}
