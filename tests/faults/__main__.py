"""Every fault that is injected, one after the other, on SQLite and on the PostgreSQL of DATABASE_URL where it answers:
`make faults`, or `python -m tests.faults killed_web database --rounds 3`. Ends with 1 where something does not hold.
"""

import argparse
import os
import subprocess
import sys

from tests.faults.desk import ROOT, beside, say

FAULTS = ["killed_worker", "killed_web", "database", "disk", "migration", "due", "crowd"]
POSTGRES = "postgres://postgres@127.0.0.1:5432/newsroom"


def engines(url: str) -> list[str]:
    import psycopg

    try:
        psycopg.connect(beside(url), connect_timeout=3).close()
    except psycopg.OperationalError as error:
        say(f"Not on PostgreSQL: {error}")
        return [""]
    return ["", url]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("faults", nargs="*", default=FAULTS, metavar="fault", help=", ".join(FAULTS))
    parser.add_argument("--rounds", type=int, help="of each fault; by default what each says of itself")
    asked = parser.parse_args()
    if unknown := {*asked.faults} - {*FAULTS}:
        parser.error(f"no such fault: {', '.join(unknown)}")
    rounds = {"FAULTS_ROUNDS": str(asked.rounds)} if asked.rounds else {}
    ended = {}
    for url in engines(os.environ.get("DATABASE_URL") or POSTGRES):
        for fault in asked.faults:
            named = f"{fault} on {'PostgreSQL' if url else 'SQLite'}"
            say(f"\n{named}")
            command, environment = [sys.executable, "-m", f"tests.faults.{fault}"], rounds | {"DATABASE_URL": url}
            ended[named] = subprocess.run(command, cwd=ROOT, env=os.environ | environment).returncode
    broken = [named for named, code in ended.items() if code]
    say(f"\n{len(ended)} faults: {', '.join(broken) or 'nothing'} broken")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
