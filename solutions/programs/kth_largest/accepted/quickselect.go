// judge: expect=AC growth=n
// Quickselect with a random pivot and three parts, so that ties cost nothing: expected linear time on every input.
package main

import (
	"bufio"
	"fmt"
	"math/rand"
	"os"
)

func readInt(reader *bufio.Reader) int32 {
	value, negative, started := int64(0), false, false
	for {
		character, err := reader.ReadByte()
		switch {
		case err == nil && character == '-':
			negative = true
		case err == nil && character >= '0' && character <= '9':
			value, started = value*10+int64(character-'0'), true
		case err != nil && !started:
			panic(err)
		case started:
			if negative {
				value = -value
			}
			return int32(value)
		}
	}
}

// selectRank returns the element of a rank, from 0, in descending order.
func selectRank(numbers []int32, rank int) int32 {
	for {
		pivot := numbers[rand.Intn(len(numbers))]
		greater, equal, end := 0, 0, len(numbers)
		for equal < end {
			switch number := numbers[equal]; {
			case number > pivot:
				numbers[greater], numbers[equal] = number, numbers[greater]
				greater++
				equal++
			case number < pivot:
				end--
				numbers[equal], numbers[end] = numbers[end], number
			default:
				equal++
			}
		}
		switch {
		case rank < greater:
			numbers = numbers[:greater]
		case rank < end:
			return pivot
		default:
			numbers, rank = numbers[end:], rank-end
		}
	}
}

func main() {
	reader := bufio.NewReaderSize(os.Stdin, 1<<16)
	n, k := int(readInt(reader)), int(readInt(reader))
	numbers := make([]int32, n)
	for i := range numbers {
		numbers[i] = readInt(reader)
	}
	fmt.Println(selectRank(numbers, k-1))
}
