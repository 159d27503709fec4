"""A real S3-compatible server for tests (SeaweedFS), on this machine alone: one for each run that asks for it."""

import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

PROGRAM = shutil.which("weed", path=str(Path(sys.executable).parent))
KEY, SECRET = "desk", "se/cret+key:@?#%"  # every sign that an address has to have encoded
PARTS = ("master", "volume", "filer", "s3")
LONGEST = 60  # seconds until it answers


def free_ports(number: int) -> list[int]:
    held = [socket.create_server(("127.0.0.1", 0)) for _each in range(number)]
    ports = [each.getsockname()[1] for each in held]
    for each in held:
        each.close()
    return ports


@dataclass(frozen=True)
class Server:
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def url(self, bucket: str, *, key: str = KEY, secret: str = SECRET) -> str:
        """As STORAGE_URL has it."""
        return f"s3+http://{quote(key, safe='')}:{quote(secret, safe='')}@127.0.0.1:{self.port}/{bucket}"

    def status(self, path: str) -> int:
        """What a stranger is answered."""
        try:
            with urlopen(f"{self.endpoint}/{path}", timeout=10) as answer:  # noqa: S310
                return int(answer.status)
        except HTTPError as error:
            with error:
                return error.code


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    assert PROGRAM
    who = {"accessKey": KEY, "secretKey": SECRET}
    (folder / "who.json").write_text(json.dumps({"identities": [
        {"name": "desk", "credentials": [who], "actions": ["Admin", "Read", "Write", "List"]}
    ]}))  # fmt: skip
    (folder / "data").mkdir()
    ports = free_ports(2 * len(PARTS))
    options = [f"-{part}.port{kind}={ports.pop()}" for part in PARTS for kind in (".grpc", "")]
    server = Server(int(options[-1].rpartition("=")[2]))
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [
                PROGRAM, "-logtostderr", "server", f"-dir={folder / 'data'}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
                "-master.telemetry=false", "-master.electionTimeout=1s", "-master.volumeSizeLimitMB=64",
                "-volume.max=1000", f"-filer.localSocket={folder / 'filer.sock'}", "-s3", "-s3.port.iceberg=0",
                "-s3.port.lance=0", f"-s3.config={folder / 'who.json'}", f"-s3.localSocket={folder / 's3.sock'}",
                *options,
            ],
            cwd=folder, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            until = time.monotonic() + LONGEST
            while not _answers(server):
                assert process.poll() is None, (folder / "log").read_text()[-2000:]
                assert time.monotonic() < until, (folder / "log").read_text()[-2000:]
                time.sleep(0.1)
            yield server
        finally:
            process.kill()
            process.wait()


def _answers(server: Server) -> bool:
    try:
        return server.status("healthz") == 200
    except OSError:
        return False
