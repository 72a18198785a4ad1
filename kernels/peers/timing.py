"""Times of a peer on a card, taken as the judge takes a kernel's: cold caches, fresh addresses, the card's own clock."""

from statistics import median

import torch

SAMPLES = 15
# Copies of the arrays, taken in turn.
COPIES = 3


def cold(make, arrays):
    """The median time of one call in nanoseconds. `make(arrays)` gives the call."""
    calls = []
    for _ in range(COPIES):
        fresh = {
            name: value.clone() if isinstance(value, torch.Tensor) else value
            for name, value in arrays.items()
        }
        calls.append(make(fresh))
    for call in calls:
        call()
    cache = torch.cuda.get_device_properties(0).L2_cache_size
    flushed = torch.empty(2 * cache, dtype=torch.uint8, device="cuda")
    pairs = []
    for sample in range(SAMPLES):
        # The card is busy with this while the host prepares what follows, so that a launch is not waited for.
        flushed.fill_(sample)
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        start.record()
        calls[sample % COPIES]()
        end.record()
        pairs.append((start, end))
    torch.cuda.synchronize()
    return median(1e6 * start.elapsed_time(end) for start, end in pairs)
