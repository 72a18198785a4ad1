# judge: expect=WA case=sliding_window_maximum/organ_pipe@n=1000
# A heap with lazy deletion that pops one expired maximum a step (`if` for `while`): the next may have expired too.
import heapq

n, k = map(int, input().split())
numbers = list(map(int, input().split()))
heap = []
maxima = []
for i, number in enumerate(numbers):
    heapq.heappush(heap, (-number, i))
    if heap[0][1] <= i - k:
        heapq.heappop(heap)
    if i >= k - 1:
        maxima.append(-heap[0][0])
print(*maxima)
