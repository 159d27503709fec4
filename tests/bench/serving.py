"""The production server for a bench, and what it costs: requests over loopback alone, bounded in number and time; the
processor's time and the memory of all its processes as the kernel counts them.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from itertools import cycle, islice
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Thread

from django.db import connection as database

PORT = int(os.environ.get("BENCH_PORT", "8797"))
WORKERS = 2
CONNECTIONS = 8
QUICK = 0.05  # seconds
SERVERS = {
    "granian": [
        "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(PORT), "--workers", str(WORKERS),
        "--blocking-threads", "1", "--no-ws", "--log-level", "error", "tests.bench.wsgi:application",
    ],
    "gunicorn": [
        "gunicorn", "--bind", f"127.0.0.1:{PORT}", "--workers", str(WORKERS), "--log-level", "error",
        "tests.bench.wsgi:application",
    ],
}  # fmt: skip


@dataclass(frozen=True)
class Cost:
    """Of a request: the processor's time in the server's processes, in ms; and how many of them a second."""

    cpu: float
    rate: float
    number: int


@dataclass(frozen=True)
class Ask:
    """What is asked for: one path, or several in turn."""

    paths: Sequence[str]
    headers: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


class Server:
    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process

    def processes(self) -> list[int]:
        """The server's own and all that it started."""
        children: dict[int, list[int]] = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            if fields := _told(stat).rpartition(")")[2].split():
                children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        found = [self.process.pid]
        for pid in found:
            found += children.get(pid, [])
        return found

    def cpu(self) -> float:
        """Seconds so far, of every thread; of those among them by which PostgreSQL answers for this database."""
        found = [*self.processes(), *(_backends() if database.vendor == "postgresql" else [])]
        threads = (each for pid in found for each in Path(f"/proc/{pid}/task").glob("*/schedstat"))
        return sum(int(_told(each, "0").split()[0]) for each in threads) / 1e9

    def memory(self) -> float:
        """Of its largest worker, in MB."""
        pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in self.processes()]
        return max(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6

    def cost(self, ask: Ask, *, seconds: float, most: int) -> Cost:
        """Of `ask`, for so many seconds or requests, whichever comes first."""
        client = _wrk if _quick(ask) and shutil.which("wrk") else _asked
        before, start = self.cpu(), time.perf_counter()
        number = client(ask, seconds, most)
        return Cost(1000 * (self.cpu() - before) / number, number / (time.perf_counter() - start), number)


def _quick(ask: Ask) -> bool:
    """One address, answered so soon that wrk, which leaves what is not answered in its time, leaves next to nothing."""
    start = time.perf_counter()
    answer(ask)
    return len(ask.paths) == 1 and ask.status == 200 and time.perf_counter() - start < QUICK


def _backends() -> list[int]:
    """A process of PostgreSQL for each connection, which says in its title what it is connected to."""
    name = f" {database.settings_dict['NAME']} "
    told = {int(each.parent.name): _told(each) for each in Path("/proc").glob("[0-9]*/cmdline")}
    return [pid for pid, title in told.items() if title.startswith("postgres: ") and name in title]


def _told(file: Path, gone: str = "") -> str:
    """What the kernel says of a process, which may have ended."""
    try:
        return file.read_text()
    except OSError:
        return gone


@contextmanager
def serving(name: str) -> Iterator[Server]:
    """The desk on PORT in the environment as it is."""
    command = [sys.executable, "-m", *SERVERS[name]]
    with NamedTemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            for _ in range(240):
                if process.poll() is not None:
                    raise SystemExit(Path(log.name).read_text("utf-8"))
                try:
                    answer(Ask(["/bench/constant/"]))
                    break
                except OSError:
                    time.sleep(0.25)
            yield Server(process)
        finally:
            process.terminate()
            process.wait()


def answer(ask: Ask) -> tuple[int, Mapping[str, str], bytes]:
    connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
    connection.request("GET", ask.paths[0], headers=dict(ask.headers))
    response = connection.getresponse()
    told = response.status, response.headers, response.read()
    connection.close()
    return told


def _wrk(ask: Ask, seconds: float, _most: int) -> int:
    headers = [word for name, value in ask.headers.items() for word in ("-H", f"{name}: {value}")]
    url = f"http://127.0.0.1:{PORT}{ask.paths[0]}"
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", *headers, url]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said:
        raise SystemExit(f"{ask.paths[0]} failed:\n{said}")
    return next(int(line.split()[0]) for line in said.splitlines() if "requests in" in line)


def _asked(ask: Ask, seconds: float, most: int) -> int:
    """By a client of our own: as many connections as wrk has, each asking again once it is answered."""
    end, done, faults = time.perf_counter() + seconds, [], []

    def client(mine: int) -> None:
        connection = HTTPConnection("127.0.0.1", PORT, timeout=60)
        paths = islice(cycle(ask.paths), mine, most, CONNECTIONS)
        for path in paths:
            for again in (True, False):
                try:
                    connection.request("GET", path, headers=dict(ask.headers))
                    response = connection.getresponse()
                    response.read()
                    break
                except (HTTPException, OSError):  # a server may close what was kept open
                    connection.close()
                    if not again:
                        raise
            if response.status != ask.status:
                faults.append(f"{path} answered {response.status}, not {ask.status}")
                return
            done.append(1)
            if time.perf_counter() > end:
                return

    threads = [Thread(target=client, args=(mine,)) for mine in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise SystemExit(faults[0])
    return len(done)
