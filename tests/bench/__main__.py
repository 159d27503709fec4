"""How fast the desk is, beside what one would write by hand: `python -m tests.bench`, or `make bench N=10000`.

Fills the database of DATABASE_URL, or one of its own below var/bench, with N articles by `bulk_demo`, serves it as in
production, and asks each page in turn with a constant answer and a hand-written view of the same process: medians of
ROUNDS rounds. Prints a table and keeps it, as Markdown and as JSON, below var/bench; `--compare OLD.json` sets an
older one beside it, `--profile` tells instead where the time of an article's page goes. All over loopback, all bounded.
"""

import argparse
import cProfile
import json
import os
import platform
import pstats
import re
import resource
import subprocess
import sys
import time
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parents[2]
KEPT = HERE / "var" / "bench"
N = int(os.environ.get("N", "10000"))
ROUNDS = max(5, int(os.environ.get("ROUNDS", "5")))
SECONDS = float(os.environ.get("SECONDS", "1"))
MOST = 5_000  # requests of one turn
SERVER = os.environ.get("SERVER", "granian")

KEPT.mkdir(parents=True, exist_ok=True)
os.environ.setdefault("DATABASE_URL", f"sqlite:///{KEPT / f'{N}.sqlite3'}")
os.environ |= {"DEBUG": "0", "HTTPS": "0", "SECRET_KEY": "for a bench on this very machine " * 2, "ALLOWED_HOSTS": "*"}
os.environ |= {"NEWSROOM_CHECK_LINKS": "0", "EMAIL_URL": "dummy:", "DJANGO_SETTINGS_MODULE": "tests.bench.settings"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--compare", type=Path, metavar="OLD.json")
    parser.add_argument("--profile", action="store_true")
    parser.add_argument("--only", default="", help="rows whose name has this in it")
    options = parser.parse_args()
    rate = filled()
    import django

    django.setup()
    settled()
    if options.profile:
        profile()
        return
    report: dict[str, Any] = {"facts": facts(), "figures": {}}
    if rate:
        report["figures"]["bulk_demo, articles a second"] = rate
    from tests.bench import measured

    report["rows"] = measured.pages(SERVER, ROUNDS, SECONDS, MOST, options.only)
    report["figures"] |= measured.served(SERVER) if not options.only else {}
    report["figures"] |= measured.within() if not options.only else {}
    report["figures"]["start, s of CPU"] = start()
    old = json.loads(options.compare.read_text("utf-8")) if options.compare else None
    text = markdown(report, old)
    name = KEPT / f"{datetime.now():%Y%m%d-%H%M%S}-{report['facts']['database']}-{N}"  # noqa: DTZ005
    name.with_suffix(".json").write_text(json.dumps(report, indent=1), "utf-8")
    name.with_suffix(".md").write_text(text, "utf-8")
    sys.stdout.write(f"{text}\nKept as {name}.md and .json\n")


def filled() -> float | None:
    """Bring the database to N articles; how many a second, if any had to be made."""

    def manage(*words: str, debug: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=HERE,
            env=os.environ | {"DEBUG": debug, "DJANGO_SETTINGS_MODULE": "newsroom.settings"},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout

    manage("migrate", "--verbosity", "0", debug="1")
    manage("collectstatic", "--noinput", "--verbosity", "0", debug="0")
    told = manage("bulk_demo", "--articles", str(N), debug="1")
    rates = re.findall(r"(\d+) a second", told)
    return float(rates[-1]) if rates else None


def settled() -> None:
    """As the worker of a desk has left it that has kept up with what was published, and PostgreSQL's autovacuum."""
    from django.db import connection

    from articles import purging

    while purging.purge_due():
        pass
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def facts() -> dict[str, Any]:
    from django.db import connection

    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    return {
        "articles": N,
        "database": connection.vendor,
        "server": SERVER,
        "rounds": ROUNDS,
        "processor": processor[1] if processor else platform.processor(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
    }


def start() -> float:
    """What one process needs until it can answer."""
    spent = []
    for _round in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", "import newsroom.wsgi"], cwd=HERE, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(spent)


def profile() -> None:
    """An article's page as the handler makes it, nothing cached that the desk does not cache itself."""
    from django.test import Client

    from tests.bench import measured

    client, paths = Client(), measured.articles(300)
    client.get(paths[0])
    watched = cProfile.Profile()
    start = time.process_time()
    watched.enable()
    for path in paths:
        client.get(path)
    watched.disable()
    sys.stdout.write(f"{1000 * (time.process_time() - start) / len(paths):.2f} ms a page, watched\n")
    pstats.Stats(watched, stream=sys.stdout).sort_stats("cumulative").print_stats(
        r"newsroom|articles|sources|django", 60
    )


def markdown(report: dict[str, Any], old: dict[str, Any] | None) -> str:
    lines = ["# Newsroom, measured", "", *(f"- {name}: {value}" for name, value in report["facts"].items()), ""]
    head = ["page", "ms CPU", "× constant", "× by hand", "requests/s"] + (["before, × now"] if old else [])
    lines += ["|".join(["", *head, ""]), "|".join(["", *("---" for _each in head), ""])]
    before = {row["name"]: row for row in old["rows"]} if old else {}
    for row in report["rows"]:
        cells = [
            row["name"],
            f"{row['cpu']:.2f}",
            f"{row['constant']:.2f}",
            f"{row['written']:.2f}",
            f"{row['rate']:.0f}",
        ]
        if old:
            was = before.get(row["name"])
            cells.append(f"{was['constant'] / row['constant']:.2f}" if was else "–")
        lines.append("|".join(["", *cells, ""]))
    lines += ["", "|figure|now|" + ("before|" if old else ""), "|---|---|" + ("---|" if old else "")]
    for name, value in report["figures"].items():
        cells = [name, f"{value:.4g}"] + ([str(old["figures"].get(name, "–"))] if old else [])
        lines.append("|".join(["", *cells, ""]))
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
