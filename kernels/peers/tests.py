"""What of the peers can be held without a card: JUDGE=target/release/judge python3 -m unittest tests"""

import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from ratios import best, error, ratio
from runner import Judge, Refused

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "numpy"))


class Ratios(unittest.TestCase):
    def test_twice_the_time_is_half_the_speed(self):
        self.assertEqual(ratio([200.0], [100.0]), (0.5, None, None))

    def test_the_interval_is_the_least_and_the_greatest_of_enough_rounds(self):
        # 100 over 50, 80, 100, 100, 125, 160, 200: 2, 1.25, 1, 1, 0.8, 0.625, 0.5.
        self.assertEqual(ratio([200, 50, 100, 80, 125, 100, 160], [100] * 7), (1.0, 0.5, 2.0))

    def test_rounds_are_compared_one_by_one(self):
        # The machine was half as fast in the second round, for both.
        self.assertEqual(ratio([100, 200, 100], [50, 100, 50])[0], 0.5)
        with self.assertRaises(ValueError):
            ratio([1.0], [1.0, 2.0])

    def test_the_best_has_the_least_median(self):
        self.assertEqual(best({"steady": [3, 3, 3], "once_lucky": [1, 4, 4]}), "steady")

    def test_errors_are_parts_of_the_greatest_element(self):
        self.assertEqual(error([1.0, -3.5], [1.0, -4.0]), 0.125)
        self.assertEqual(error([], []), 0.0)

    def test_what_is_not_a_number_or_missing_is_infinitely_wrong(self):
        for output in ([float("nan"), 1.0], [float("inf"), 1.0], [1.0]):
            self.assertEqual(error(output, [1.0, 1.0]), float("inf"))


class Runner(unittest.TestCase):
    def setUp(self):
        self.judge = Judge(os.environ["JUDGE"], REPOSITORY)
        self.addCleanup(self.judge.close)

    def test_a_case_has_its_name_sizes_and_answer(self):
        case = self.judge.resolve("attention/random@n=3,size=2,type=f32")
        self.assertIn("heads=1", case)
        arrays = self.judge.arrays(case, lambda path: path.stem)
        self.assertEqual((arrays["n"], arrays["size"], arrays["type"], arrays["k"]), (3, 2, "f32", "k"))
        self.assertEqual(len(self.judge.answer(case).split()), 3 * 2 + 3)

    def test_a_kernel_is_judged_and_a_device_without_a_clock_gives_no_time(self):
        case = self.judge.resolve("attention/random@n=5,size=4")
        self.assertIn("three_pass", self.judge.kernels("attention"))
        for _ in range(2):
            done = self.judge.time(case, "three_pass", "emulator", timed=False)
            self.assertEqual((done["verdict"], done["timings"]), ("AC", []), done["detail"])

    def test_what_is_not_there_is_refused_with_the_reason(self):
        with self.assertRaisesRegex(Refused, "no_such"):
            self.judge.resolve("no_such/random@n=5")
        with self.assertRaisesRegex(Refused, "no_such"):
            self.judge.answer("attention/no_such@n=5")


class Whole(unittest.TestCase):
    def run_it(self, *arguments):
        command = [sys.executable, str(HERE), "--judge", os.environ["JUDGE"], *arguments]
        return subprocess.run(command, capture_output=True, text=True)

    def test_bad_input_is_told_and_ends_with_2(self):
        ran = self.run_it("--rounds", "0")
        self.assertEqual((ran.returncode, "--rounds 0" in ran.stderr), (2, True), ran.stderr)
        ran = self.run_it("--judge", "absent")
        self.assertEqual((ran.returncode, "absent: no such file" in ran.stderr), (2, True), ran.stderr)

    @unittest.skipIf(HAS_TORCH, "PyTorch is there")
    def test_without_pytorch_it_says_what_to_install(self):
        ran = self.run_it()
        self.assertEqual((ran.returncode, "pip install torch" in ran.stderr), (2, True), ran.stderr)

    @unittest.skipUnless(HAS_TORCH, "SKIPPED: no PyTorch and NumPy here, so that no peer was held against an answer")
    def test_every_peer_that_runs_on_a_cpu_agrees_with_the_judge(self):
        ran = self.run_it("--check")
        self.assertEqual(ran.returncode, 0, ran.stdout + ran.stderr)
        # Two types, each with and without a causal mask where there is a choice.
        self.assertEqual(ran.stdout.count("ok torch_chunked"), 4 * 4, ran.stdout)
        self.assertEqual(ran.stdout.count("ok torch_autograd"), 4, ran.stdout)
        self.assertEqual(ran.stdout.count("ok sdpa_math"), 3 * 4 + 2 * 2, ran.stdout)

    @unittest.skipUnless(HAS_TORCH, "SKIPPED: no PyTorch and NumPy here")
    def test_without_a_card_there_is_nothing_to_compare_on(self):
        import torch

        if torch.cuda.is_available():
            self.skipTest("there is a card")
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder, "rows.csv")
            ran = self.run_it("attention", "--out", str(out))
            self.assertEqual((ran.returncode, out.exists()), (4, False), ran.stderr)


if __name__ == "__main__":
    unittest.main()
