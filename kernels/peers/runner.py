"""The judge's side: rebuilds cases, gives right answers, and times kernels in its runner, round by round.

The runner is a child that reads a request a line and writes events a line, both JSON (judge/src/runner/protocol.rs).
"""

import json
import os
import subprocess
import tempfile
from pathlib import Path

# Must be what the judge speaks; a judge of another version refuses, and says which one it speaks.
PROTOCOL_VERSION = 5


class Refused(Exception):
    """The judge does not do what was asked for; the text says why."""


def read_words(path):
    """The numbers of an .npy file whose elements are integers or letters, without NumPy."""
    import ast
    import struct

    content = Path(path).read_bytes()
    (length,) = struct.unpack_from("<H", content, 8)
    header = ast.literal_eval(content[10 : 10 + length].decode())
    codes = {"|u1": "B", "<i4": "i", "<u4": "I", "<i8": "q"}
    data = content[10 + length :]
    code = codes[header["descr"]]
    return [value for (value,) in struct.iter_unpack("<" + code, data)]


class Judge:
    """A judge that was built, and its runner once it is needed."""

    def __init__(self, program, repository):
        self.program = str(Path(program).resolve())
        self.repository = Path(repository)
        self.child = None

    def _say(self, *arguments):
        ran = subprocess.run([self.program, *arguments], capture_output=True, text=True)
        if ran.returncode != 0:
            raise Refused(ran.stderr.strip() or f"{arguments[0]} ends with {ran.returncode}")
        return ran.stdout

    def resolve(self, case):
        """The name of a case with all of its parameters."""
        return json.loads(self._say("show", case, "--stats", "--format", "json"))["case"]

    def answer(self, case):
        """A right output as text."""
        return self._say("show", case, "--answer")

    def arrays(self, case, load):
        """The arrays of a case by name: sizes as integers, words as text, and `load(path)` of all others."""
        with tempfile.TemporaryDirectory() as folder:
            self._say("show", case, "--npy", folder)
            arrays = {}
            parameters = case.partition("@")[2].partition("#")[0]
            sizes = dict(part.split("=") for part in parameters.split(","))
            for path in Path(folder).iterdir():
                if path.stem == "type":
                    arrays["type"] = bytes(read_words(path)).decode()
                elif path.stem in sizes:
                    (arrays[path.stem],) = read_words(path)
                else:
                    arrays[path.stem] = load(path)
            return arrays

    def kernels(self, problem):
        """The names of the shipped right kernels of a problem, in the order of the alphabet."""
        folder = self.repository / "kernels" / "variants" / problem / "accepted"
        return sorted(path.stem for path in folder.glob("*.cu"))

    def time(self, case, kernel, target, rounds=1, timed=True, memory=32 << 30):
        """One answer of the runner: verdict, detail and, where the device has them, times in nanoseconds."""
        problem = case.partition("/")[0]
        source = Path("kernels", "variants", problem, "accepted", kernel + ".cu")
        request = {
            "version": PROTOCOL_VERSION,
            "answer": {
                "kernel": {
                    "target": target,
                    "file": source.as_posix(),
                    "source": (self.repository / source).read_text(),
                    "ptx": (self.repository / source).with_suffix(".ptx").read_text(),
                }
            },
            "case": case,
            "input": None,
            "rounds": rounds,
            "timed": timed,
            "counted": False,
            "memory": memory,
        }
        if self.child is None:
            self.child = subprocess.Popen(
                [self.program, "runner"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "CUDA_MODULE_LOADING": "EAGER"},
            )
        self.child.stdin.write(json.dumps(request) + "\n")
        self.child.stdin.flush()
        for line in self.child.stdout:
            event = json.loads(line)
            if not isinstance(event, dict):
                continue  # it is ready, or a round came back
            if "refused" in event:
                raise Refused(event["refused"])
            done = event["done"]
            if done["is_last"]:
                self.close()
            return done
        self.close()
        raise Refused(f"the runner died of {kernel} on {case}")

    def close(self):
        """Ends the runner; the next request starts a fresh one."""
        if self.child is not None:
            self.child.stdin.close()
            self.child.kill()
            self.child.wait()
            self.child.stdout.close()
            self.child = None
