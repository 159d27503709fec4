"""Is a fault in what guards the desk noticed? `python -m tests.mutants [MODULE …] [--sample N] [--seed N]`.

Of each module below a sample of all small faults is tried, one at a time, against the tests named beside it. Prints how
many were noticed, and each that was not; exits with 1 where fewer than LEAST of a module's were. What was noticed once
is not tried again until the module changes (var/mutants). What a class sets and the defaults of arguments are left out.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from tests.mutants.equal import EQUAL

LEAST = 0.9
TESTS = {
    "articles.workflow": [
        "tests/articles/workflow",
        "tests/articles/test_workflow.py",
        "tests/articles/test_notifications.py",
        "tests/articles/test_version_authors.py",
        "tests/articles/test_searching.py",
        "tests/articles/test_purging.py",
    ],
    "articles.refusing": [
        "tests/articles/workflow",
        "tests/articles/test_workflow.py",
        "tests/articles/test_working_languages.py",
        "tests/articles/admin/test_assign.py",
        "tests/articles/admin/test_permissions.py",
    ],
    "articles.cleaning": ["tests/articles/test_cleaning.py", "tests/articles/test_text_pictures.py"],
    "sources.fetching": ["tests/sources/test_fetching.py"],
}


def tried(module: str, *, sample: int, seed: int) -> dict:
    report = Path("var", "mutants", f"{module}.json")
    report.parent.mkdir(parents=True, exist_ok=True)
    facts = {"MUTANTS_OF": module, "MUTANTS_SAMPLE": str(sample), "MUTANTS_SEED": str(seed)}
    environment = os.environ | facts | {"MUTANTS_REPORT": str(report)}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.mutants.trying", "-p", "no:randomly"]
    command += ["-p", "no:cacheprovider", "--ds", "tests.mutants.settings", *TESTS[module]]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return json.loads(report.read_text("utf-8"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("modules", nargs="*", default=list(TESTS), metavar="MODULE")
    parser.add_argument("--sample", type=int, default=100, help="how many of each module (default: 100)")
    parser.add_argument("--seed", type=int, default=1, help="which sample (default: 1)")
    given = parser.parse_args()
    weak = 0
    for module in given.modules:
        told = tried(module, sample=given.sample, seed=given.seed)
        all_there_are, unfit = told.pop("all"), told.pop("unfit")
        left = [row for row in told.values() if row["outcome"] in {"survived", "untested", "broken"}]
        equal = [row for row in left if row["diff"].splitlines()[-1].removeprefix("+").strip() in EQUAL.get(module, {})]
        survived = [row for row in left if row not in equal]
        real = len(told) - len(equal)
        share = (real - len(survived)) / max(real, 1)
        weak += share < LEAST
        print(  # noqa: T201
            f"{module}: {real - len(survived)} of {real} noticed ({share:.0%}), {len(equal)} more change nothing; "
            f"a sample of {all_there_are}. Tests that cannot run so: {unfit}",
            flush=True,
        )
        for row in survived:
            print(f"\n{row['outcome']} in {row['qualname'] or 'a constant'}\n{row['diff']}\n", flush=True)  # noqa: T201
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
