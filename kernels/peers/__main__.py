"""Holds the shipped kernels against what somebody would take today, side by side on one card.

    cargo build --release
    python3 kernels/peers                               every problem that has peers
    python3 kernels/peers attention --rounds 15
    python3 kernels/peers --check                       without a card: are peers and kernels right?

Needs a Python with PyTorch and NumPy. Each peer must first agree with the judge's answer on a small case; one that does not is not
timed, and this ends with 1. Where there is no card it says so and ends with 4.
"""

import argparse
import csv
import datetime
import sys
from pathlib import Path

from ratios import LEAST_ROUNDS, best, error, ratio
from runner import Judge, Refused

REPOSITORY = Path(__file__).resolve().parents[2]
COLUMNS = (
    "utc", "device", "driver", "torch", "problem", "case", "answer", "kind", "verdict", "detail", "rounds",
    "median_ns", "error", "best_peer", "speed_ratio", "ratio_low", "ratio_high",
)  # fmt: skip
# How far a peer may be from the answer, as a part of its greatest element: it is not judged here, only told apart from nonsense.
ERRORS = {"f16": 2e-2, "f32": 1e-3}
AS_EXPECTED, UNEXPECTED, BAD_INPUT, NOTHING_TO_COMPARE = 0, 1, 2, 4


def arguments():
    parser = argparse.ArgumentParser(
        prog="python3 kernels/peers", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("problems", nargs="*", metavar="PROBLEM", help="[default: all that have peers]")
    parser.add_argument("--judge", type=Path, default=REPOSITORY / "target/release/judge", help="a judge that was built")
    parser.add_argument("--out", type=Path, default=REPOSITORY / "reports/leaderboards/peers.csv", help="where the rows go")
    parser.add_argument("--case", action="append", metavar="CASE", help="time these cases instead")
    parser.add_argument("--rounds", type=int, default=LEAST_ROUNDS, help="times each is timed, in turn [default: %(default)s]")
    parser.add_argument("--check", action="store_true", help="only hold answers against each other, on the CPU and the emulator")
    return parser.parse_args()


def fail(message, code=BAD_INPUT):
    print(f"error: {message}", file=sys.stderr)
    sys.exit(code)


def loaded(judge, case, device):
    """The arrays of a case on a device."""
    import numpy
    import torch

    return judge.arrays(case, lambda path: torch.from_numpy(numpy.load(path)).to(device))


def refusal(name, reason):
    first = (str(reason).strip() or type(reason).__name__).splitlines()[0]
    return f"{name} does not do it: {first[:150]}"


def held(judge, case, device):
    """For each peer its error on a case, or why it has none."""
    from catalogue import PEERS

    problem = case.partition("/")[0]
    arrays = loaded(judge, case, device)
    answer = [float(token) for token in judge.answer(case).split()]
    found = {}
    for name, make in PEERS[problem].items():
        try:
            output = make(dict(arrays))()
            parts = output if isinstance(output, tuple) else (output,)
            output = [element for part in parts for element in part.flatten().tolist()]
        except Exception as reason:  # whatever a library throws: it is told, and the others go on
            found[name] = refusal(name, reason)
        else:
            # What follows the rows, such as logsumexp, is no part of what peers give.
            found[name] = error(output, answer[: len(output)])
    return found


def check(judge, problems):
    """Peers on the CPU, kernels on the emulator."""
    from catalogue import small

    wrong = 0
    for problem in problems:
        chosen = (small(problem, element, causal) for element in ERRORS for causal in (False, True))
        for case in map(judge.resolve, dict.fromkeys(chosen)):
            print(f"\n{case}")
            bound = next(bound for element, bound in ERRORS.items() if f"type={element}" in case)
            for name, result in held(judge, case, "cpu").items():
                if isinstance(result, str):
                    print(f"  {'SK':>5} {result}")
                    continue
                is_wrong = not result <= bound
                wrong += is_wrong
                print(f"  {'WRONG' if is_wrong else 'ok':>5} {name}: error {result:.1e}")
            for kernel in judge.kernels(problem):
                done = judge.time(case, kernel, "emulator", timed=False)
                wrong += done["verdict"] not in ("AC", "SK")
                print(f"  {done['verdict']:>5} {kernel}{': ' * bool(done['detail'])}{done['detail']}")
    return UNEXPECTED if wrong else AS_EXPECTED


class Rows:
    """A CSV whose rows are there as soon as they are known."""

    def __init__(self, path, common):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.file = path.open("w", newline="")
        self.writer = csv.DictWriter(self.file, COLUMNS, restval="", lineterminator="\n")
        self.writer.writeheader()
        self.common = common

    def write(self, **row):
        self.writer.writerow({**self.common, **row})
        self.file.flush()


def one_case(judge, case, errors, rounds, rows):
    """Times all answers to a case in turn, round by round, and tells how they compare."""
    from catalogue import PEERS
    from timing import cold

    problem = case.partition("/")[0]
    print(f"\n{case}")
    arrays = loaded(judge, case, "cuda")
    makes = {name: make for name, make in PEERS[problem].items() if name in errors}
    kernels = judge.kernels(problem)
    times = {name: [] for name in (*makes, *kernels)}
    ended = {}
    for _ in range(rounds):
        for name in times:
            if name in ended:
                continue
            try:
                if name in makes:
                    times[name].append(cold(makes[name], arrays))
                    continue
                done = judge.time(case, name, "cuda")
                if done["verdict"] == "AC" and done["timings"]:
                    times[name].append(done["timings"][-1]["wall_ns"])
                else:
                    ended[name] = (done["verdict"], done["detail"])
            except Exception as reason:
                ended[name] = ("SK", refusal(name, reason))
    for name, (verdict, detail) in ended.items():
        print(f"  {verdict:>5} {name}: {detail}")
        rows.write(problem=problem, case=case, answer=name, kind=kind(name, makes), verdict=verdict, detail=detail)
    peers = {name: times[name] for name in makes if name not in ended}
    fastest = best(peers) if peers else ""
    for name in (name for name in times if name not in ended):
        middle = sorted(times[name])[len(times[name]) // 2]
        row = dict(problem=problem, case=case, answer=name, kind=kind(name, makes), verdict="AC", rounds=rounds)
        row.update(median_ns=round(middle), error=errors.get(name, ""), best_peer=fastest)
        told = f"{middle / 1e3:12.1f} us"
        if fastest:
            middle, low, high = ratio(times[name], peers[fastest])
            row.update(speed_ratio=f"{middle:.4f}")
            told += f"  {middle:6.3f}x of {fastest}"
            if low is not None:
                row.update(ratio_low=f"{low:.4f}", ratio_high=f"{high:.4f}")
                told += f" ({low:.3f} to {high:.3f})"
        print(f"  {name:24}{told}")
        rows.write(**row)


def kind(name, makes):
    return "peer" if name in makes else "kernel"


def driver():
    """The driver's version as the driver itself tells it."""
    try:
        return Path("/proc/driver/nvidia/version").read_text().split("Module", 1)[1].split()[0]
    except (OSError, IndexError):
        return ""


def compare(judge, problems, options):
    import torch

    if not torch.cuda.is_available():
        fail("nothing to compare on: PyTorch sees no card (--check holds the answers against each other without one)", NOTHING_TO_COMPARE)
    from catalogue import cases, small

    torch.backends.cuda.matmul.allow_tf32 = False
    rows = Rows(
        options.out,
        {
            "utc": datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "device": torch.cuda.get_device_name(0),
            "driver": driver(),
            "torch": torch.__version__,
        },
    )
    wrong = 0
    for problem in problems:
        errors = {}
        for name, result in held(judge, judge.resolve(small(problem, "f16")), "cuda").items():
            if isinstance(result, str):
                print(f"     SK {problem}: {result}")
            elif result <= ERRORS["f16"]:
                errors[name] = result
            else:
                wrong += 1
                print(f"  WRONG {problem}/{name}: error {result:.1e}; it is not timed")
        own = [case for case in options.case or [] if case.partition("/")[0] == problem]
        for case in own or cases(problem):
            one_case(judge, judge.resolve(case), errors, options.rounds, rows)
    print(f"\nrows: {options.out}")
    return UNEXPECTED if wrong else AS_EXPECTED


def main():
    options = arguments()
    if options.rounds < 1:
        fail(f"--rounds {options.rounds}: at least 1 is needed")
    if not options.judge.is_file():
        fail(f"{options.judge}: no such file; `cargo build --release` makes it")
    try:
        from catalogue import PEERS
    except ImportError as reason:
        fail(f"{reason}; `pip install torch numpy` gets what peers stand on")
    named = [case.partition("/")[0] for case in options.case or []]
    problems = options.problems or list(dict.fromkeys(named)) or list(PEERS)
    for problem in problems:
        if problem not in PEERS:
            fail(f"{problem} has no peers; these have: {', '.join(PEERS)}")
    judge = Judge(options.judge, REPOSITORY)
    try:
        return check(judge, problems) if options.check else compare(judge, problems, options)
    except Refused as reason:
        fail(str(reason))
    finally:
        judge.close()


if __name__ == "__main__":
    sys.exit(main())
