"""The machines of a national desk on this one: real servers, each on a port and in a folder of its own. Whoever starts
one hands its end to the stack, so that nothing of them is left, whatever happens.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "var" / "cluster"
FIRST_PORT = int(os.environ.get("CLUSTER_PORT", "18400"))
PRIMARY, REPLICA, REDIS, WEB_1, WEB_2, EDGE, EDGE_TLS, EDGE_DESK = range(FIRST_PORT, FIRST_PORT + 8)
PACKAGES = {"varnishd": "varnish", "redis-server": "redis-server"}
XKEY = "varnish-modules"
OF_ITS_OWN = "newsroom"  # user and database
JOURNEYS = "journeys"
ANYWHERE = ("path", "review", "stale", "translate", "withdrawal")
REACHES_IN = "database_did_not_take"  # breaks the database of the very process that serves
BACKENDS = """import directors;
backend web_1 {{ .host = "127.0.0.1"; .port = "{0}"; }}
backend web_2 {{ .host = "127.0.0.1"; .port = "{1}"; }}
sub vcl_init {{ new web = directors.round_robin(); web.add_backend(web_1); web.add_backend(web_2); }}
"""


def installed() -> None:
    """What is missing comes from Debian."""
    wanted = {package for program, package in PACKAGES.items() if not shutil.which(program)}
    if not list(Path("/usr/lib").glob("*/varnish/vmods/libvmod_xkey.so")):
        wanted.add(XKEY)
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        wanted.add("postgresql")
    if not wanted:
        return
    say(f"installing {', '.join(sorted(wanted))}")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for words in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *sorted(wanted)]):
        if subprocess.run(["apt-get", *words], env=quiet, stdout=subprocess.DEVNULL).returncode:  # noqa: S607
            raise SystemExit(f"Missing, and not to be installed by you: {', '.join(sorted(wanted))}")


def programs() -> Path:
    """PostgreSQL's, the newest."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))


def say(what: str) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


class Postgres:
    """A cluster of PostgreSQL's own, by a user who is not root."""

    def __init__(self, name: str, port: int) -> None:
        self.port, self.folder, self.log = port, FOLDER / name, FOLDER / name / "server.log"

    def run(self, program: str, *words: str) -> None:
        command = [str(programs() / program), *words]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, cwd="/", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(f"{program}: {done.stdout}")

    def made(self) -> None:
        self._empty()
        self.run("initdb", "-D", str(self.folder), "-U", OF_ITS_OWN, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")

    def following(self, primary: "Postgres") -> None:
        self._empty()
        where = ["-h", "127.0.0.1", "-p", str(primary.port), "-U", OF_ITS_OWN, "-D", str(self.folder)]
        self.run("pg_basebackup", *where, "-R", "-X", "stream", "-c", "fast", "-C", "-S", self.folder.name)

    def start(self) -> None:
        told = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c hot_standby_feedback=on"
        self.run("pg_ctl", "start", "-w", "-D", str(self.folder), "-l", str(self.log), "-o", told)

    def stop(self) -> None:
        """As a machine that fails."""
        if (self.folder / "postmaster.pid").exists():
            self.run("pg_ctl", "stop", "-w", "-m", "immediate", "-D", str(self.folder))

    def ask(self, sql: str, database: str = OF_ITS_OWN) -> object:
        import psycopg

        with psycopg.connect(f"{self.url(database)}?connect_timeout=5", autocommit=True) as connection:
            asked = connection.execute(sql)
            row = asked.fetchone() if asked.description else None
            return row[0] if row else None

    def url(self, database: str = OF_ITS_OWN) -> str:
        return f"postgres://{OF_ITS_OWN}@127.0.0.1:{self.port}/{database}"

    def _empty(self) -> None:
        self.folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")


class Program:
    """One process, which may be stopped and started again."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], port: int = 0) -> None:
        self.name, self.command, self.environment, self.port = name, command, environment, port
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        return FOLDER / f"{self.name}.log"

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        if self.port:
            until(lambda: self.alive() and answers(self.port), f"{self.name} answers", 60)

    def alive(self) -> bool:
        if self.process is None or self.process.poll() is not None:
            raise SystemExit(f"{self.name} ended by itself:\n{self.log.read_text('utf-8')[-3000:]}")
        return True

    def stop(self) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def until(true: object, what: str, seconds: float) -> float:
    """How long it took until it was."""
    began = time.monotonic()
    while not true():  # type: ignore[operator]
        if time.monotonic() - began > seconds:
            raise SystemExit(f"not within {seconds:g} s: {what}")
        time.sleep(0.02)
    return time.monotonic() - began


class Cluster:
    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack
        self.primary, self.replica = Postgres("primary", PRIMARY), Postgres("replica", REPLICA)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("NEWSROOM_")} | {
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
            "DEBUG": "0",
            "HTTPS": "0",
            "HTTPS_HEADER": "X-Forwarded-Proto",
            "SECRET_KEY": "for a cluster on this very machine " * 2,
            "ALLOWED_HOSTS": "127.0.0.1",
            "DATABASE_URL": self.primary.url(),
            "DATABASE_REPLICA_URL": self.replica.url(),
            "CACHE_URL": f"redis://127.0.0.1:{REDIS}/0",
            "EDGE_PURGE_URL": f"http://127.0.0.1:{EDGE_DESK}/",
            "MEDIA_ROOT": str(FOLDER / "media"),
            "STORAGE_URL": "",
            "EMAIL_URL": "dummy:",
            "NEWSROOM_URL": f"http://127.0.0.1:{EDGE}",
            "NEWSROOM_CHECK_LINKS": "0",
            "NEWSROOM_SECOND_FACTOR": "0",
        }
        served = ["--interface", "wsgi", "--host", "127.0.0.1", "--workers", "1", "--blocking-threads", "1", "--no-ws"]
        self.web = [
            self.program(f"web-{port}", [
                sys.executable, "-m", "granian", *served, "--log-level", "warning", "--port", str(port),
                "newsroom.wsgi:application",
            ], port)
            for port in (WEB_1, WEB_2)
        ]  # fmt: skip
        self.worker = self.program("worker", [sys.executable, "manage.py", "worker"])
        self.redis = self.program("redis", [
            "redis-server", "--port", str(REDIS), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--dir", str(FOLDER),
        ], REDIS)  # fmt: skip
        self.edge = self.program("edge", [
            "varnishd", "-F", "-n", str(FOLDER / "edge"), "-s", "malloc,64m",
            "-p", f"vcl_path={FOLDER}:{ROOT / 'newsroom' / 'edge'}", "-f", "desk.vcl",
            "-a", f"readers=127.0.0.1:{EDGE},HTTP", "-a", f"tls=127.0.0.1:{EDGE_TLS},PROXY",
            "-a", f"desk=127.0.0.1:{EDGE_DESK},HTTP",
        ], EDGE)  # fmt: skip

    def program(self, name: str, command: list[str], port: int = 0) -> Program:
        return Program(name, command, self.environment, port)

    def journeys(self) -> None:
        """The journeys of the browser tests, each request by another web process, through the edge; on a database of
        their own, which the replica follows as well. Those are left out that reach into the process that serves them.
        """
        database, served = f"test_{JOURNEYS}", {"DJANGO_SETTINGS_MODULE": "tests.cluster.settings"}
        self.primary.ask(f"CREATE DATABASE {database}", "postgres")
        urls = {"DATABASE_URL": self.primary.url(database), "DATABASE_REPLICA_URL": self.replica.url(database)}
        self.manage("migrate", "--verbosity", "0", **urls)
        self.worker.stop()
        for each in self.web:
            each.stop()
            each.environment = self.environment | urls | served
            each.start()
        told = {"DATABASE_URL": self.primary.url(JOURNEYS), "NEWSROOM_ON_CLUSTER": "1", "NEWSROOM_NEEDS_BROWSER": "1"}
        named = [f"tests/journeys/test_{name}.py" for name in ANYWHERE]
        command = [sys.executable, "-m", "pytest", "-q", "--reuse-db", "-k", f"not {REACHES_IN}", *named]
        if subprocess.run(command, cwd=ROOT, env=dict(os.environ) | told).returncode:
            raise SystemExit("✗ the journeys pass on the cluster")

    def up(self) -> None:
        """All of it, with the demo's desk in it."""
        if busy := [port for port in range(PRIMARY, EDGE_DESK + 1) if answers(port)]:
            raise SystemExit(f"Somebody listens on {busy}: set CLUSTER_PORT to the first of eight free ports")
        for left in (self.primary, self.replica):
            left.stop()  # of a run that was killed
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        self.stack.callback(shutil.rmtree, FOLDER)
        self.started(self.redis)
        say("PostgreSQL: a primary, and a replica that follows it")
        self.primary.made()
        self.started(self.primary)
        self.primary.ask(f"CREATE DATABASE {OF_ITS_OWN}", "postgres")
        self.replica.following(self.primary)
        self.started(self.replica)
        say("the demo's desk")
        if not (ROOT / "staticfiles").exists():
            self.stack.callback(shutil.rmtree, ROOT / "staticfiles", ignore_errors=True)
        self.manage("migrate", "--verbosity", "0")
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.manage("demo", DEBUG="1")
        (FOLDER / "backends.vcl").write_text(BACKENDS.format(WEB_1, WEB_2))
        say("two web processes, a worker, the edge")
        for each in (*self.web, self.worker, self.edge):
            self.started(each)
        until(self.level, "the replica has all of it", 30)

    def started(self, each: Postgres | Program) -> None:
        self.stack.callback(each.stop)
        each.start()

    def manage(self, *words: str, **environment: str) -> None:
        command, log = [sys.executable, "manage.py", *words], FOLDER / "commands.log"
        with log.open("ab") as told:
            done = subprocess.run(command, cwd=ROOT, env=self.environment | environment, stdout=told, stderr=told)
        if done.returncode:
            raise SystemExit(f"{words[0]}:\n{log.read_text('utf-8')[-3000:]}")

    def level(self) -> bool:
        """Whether the replica has all that the primary has."""
        came = self.replica.ask("SELECT pg_last_wal_replay_lsn()::text")
        return bool(self.primary.ask(f"SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '{came}') <= 0"))
