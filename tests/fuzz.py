"""What is made of anybody's words and addresses, against far more of them than the tests try: `python -m tests.fuzz`.

The properties are those of the tests named here; what was found once is tried first the next time (.hypothesis). It
goes on by rounds for SECONDS (600), and for one whole round at the least. Prints how many examples each property held
for; exits with 1 where one did not.
"""

import os
import re
import subprocess
import sys
import time
from collections import Counter

import hypothesis
import pytest

FILES = {
    "the sanitiser": "tests/articles/test_cleaning.py",
    "the canonical form": "tests/articles/test_digest.py",
    "the comparison of texts": "tests/articles/test_diff.py",
    "the terms of search": "tests/articles/test_terms.py",
    "search in the database": "tests/articles/test_searching.py",
    "addresses": "tests/sources/test_addresses.py",
    "what the fetcher asks": "tests/sources/test_fetching.py",
    "whom the fetcher asks": "tests/sources/test_networks.py",
    "what the fetcher reads": "tests/sources/test_pagetext.py",
}
EXAMPLES = 200  # of each property in a round; a test that sets its own number keeps it
_TEST = re.compile(r"^(tests/\S+\.py)::(\w+)\S*:$", re.MULTILINE)
_COUNT = re.compile(r"(\d+) passing\b.*?, (\d+) failing")


def pytest_configure(config: pytest.Config) -> None:
    checks = list(hypothesis.HealthCheck)  # a machine with other work is slow, and says nothing by it
    hypothesis.settings.register_profile("fuzz", max_examples=EXAMPLES, deadline=None, suppress_health_check=checks)
    hypothesis.settings.load_profile("fuzz")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items[:] = [item for item in items if getattr(getattr(item, "obj", None), "is_hypothesis_test", False)]


def told(statistics: str) -> Counter[tuple[str, str]]:
    """The examples that held, by file and property."""
    parts = _TEST.split(statistics)[1:]
    found: Counter[tuple[str, str]] = Counter()
    for file, test, said in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        found[file, test] += sum(int(held) for held, _failed in _COUNT.findall(said))
    return found


def main() -> int:
    seconds = float(os.environ.get("SECONDS", "600"))
    began, longest, seed = time.monotonic(), 0.0, time.time_ns() % 2**32
    held: Counter[tuple[str, str]] = Counter()
    while not held or time.monotonic() - began + longest < seconds:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.fuzz", f"--hypothesis-seed={seed}"]
        started = time.monotonic()
        done = subprocess.run(
            [*command, "--hypothesis-show-statistics", *FILES.values()], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(done.stdout[-8000:], done.stderr[-2000:])  # noqa: T201
            return 1
        held += (found := told(done.stdout))
        if not found or not all(found.values()):
            raise SystemExit("Hypothesis no longer says how much it tried.")
        longest, seed = max(longest, time.monotonic() - started), (seed + 1) % 2**32
    print("| what | property | examples |\n|---|---|---|")  # noqa: T201
    for (file, test), count in sorted(held.items()):
        what = next(name for name, path in FILES.items() if path == file)
        print(f"| {what} | {test.removeprefix('test_').replace('_', ' ')} | {count} |")  # noqa: T201
    print(f"\n{held.total()} examples of {len(held)} properties in {time.monotonic() - began:.0f} s; all hold.")  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
