"""What a known page costs beside a constant response under the same server: `python -m tests.bench.pages`.

CPU per request of the server's process, so that it matters little what else the machine does; medians of interleaved
rounds. On a database made for this: a SQLite file, or one beside that of DATABASE_URL on PostgreSQL. Under gunicorn
where it is installed, else under the standard library's server.
"""

import http.client
import importlib.util
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

from tests.faults.killed_worker import scratch

ROOT = Path(__file__).resolve().parents[2]
PAGE, ROUNDS, REQUESTS, MADE = "/en/articles/headline-alpha/", 5, 400, 30
STDLIB = """
import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server
from newsroom.wsgi import application
WSGIRequestHandler.log_message = lambda *args: None
make_server("127.0.0.1", int(sys.argv[1]), application).serve_forever()
"""


class Server:
    def __init__(self, settings: str, port: int) -> None:
        self.port, environment = port, os.environ | {"DJANGO_SETTINGS_MODULE": settings}
        command = [sys.executable, "-c", STDLIB, str(port)]
        if importlib.util.find_spec("gunicorn"):
            command = [sys.executable, "-m", "gunicorn", "-b", f"127.0.0.1:{port}", "--log-level", "error"]
            command.append("newsroom.wsgi:application")
        self.process = subprocess.Popen(command, env=environment, cwd=ROOT)
        self.pids: list[int] = []

    def get(self, path: str, **headers: str) -> tuple[int, str, int]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        length = len(response.read())
        connection.close()
        return response.status, response.headers.get("ETag", ""), length

    def started(self) -> None:
        for _try in range(600):
            try:
                self.get("/")
                break
            except OSError:
                time.sleep(0.1)
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        self.pids = [self.process.pid, *map(int, children.split())]

    def cpu(self) -> float:
        ticks = 0
        for pid in self.pids:
            told = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(told[11]) + int(told[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def cost(self, count: int, path: str, **headers: str) -> float:
        """CPU of a request, in milliseconds."""
        before = self.cpu()
        for _request in range(count):
            self.get(path, **headers)
        return 1000 * (self.cpu() - before) / count


def main() -> None:
    os.environ |= {"DEBUG": "0", "HTTPS": "0", "SECRET_KEY": "for the bench " * 4, "ALLOWED_HOSTS": "127.0.0.1"}
    os.environ |= {"DJANGO_SETTINGS_MODULE": "tests.bench.served", "CACHE_URL": os.environ.get("CACHE_URL", "locmem:")}
    os.environ["DATABASE_URL"] = scratch(os.environ.get("DATABASE_URL", ""))
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from tests import factories

    call_command("migrate", verbosity=0)
    desk = factories.desk()
    article = factories.article(
        desk.an,
        body_en="<p>Opening.</p>" + "<h2>Part</h2><p>" * 4 + "Nine words are in this one sentence of ours. " * 50,
    )
    for number in range(5):
        factories.cite(article, desk.an, factories.source(f"s{number}"))
    factories.published(article, desk=desk)
    page, constant = Server("tests.bench.served", 8791), Server("tests.bench.constant", 8792)
    try:
        for server in (page, constant):
            server.started()
        _status, tag, length = page.get(PAGE, **{"Accept-Encoding": "br"})
        asked = {
            "constant, 20 kB": (constant, "/", {}),
            f"page known, brotli, {length / 1000:.1f} kB": (page, PAGE, {"Accept-Encoding": "br"}),
            "page known, not compressed": (page, PAGE, {}),
            "page known to the reader, 304": (page, PAGE, {"Accept-Encoding": "br", "If-None-Match": tag}),
            "page made anew": (page, f"{PAGE}?q=1", {"Accept-Encoding": "br"}),
        }
        costs: dict[str, list[float]] = {name: [] for name in asked}
        for _round in range(ROUNDS):
            for name, (server, path, headers) in asked.items():
                costs[name].append(server.cost(MADE if "?" in path else REQUESTS, path, **headers))
    finally:
        for server in (page, constant):
            server.process.terminate()
            server.process.wait()
    base = median(costs["constant, 20 kB"])
    print(f"{connection.vendor}, {os.environ['CACHE_URL']}")  # noqa: T201
    for name, found in costs.items():
        print(f"{name:36} {median(found):6.3f} ms  {median(found) / base:5.2f} ×")  # noqa: T201


if __name__ == "__main__":
    main()
