"""The disk full under an upload and a save: `python -m tests.faults.disk`, in `make faults`; as root on Linux.

Pictures lie on a small disk in memory, and with SQLite the database on another. Each is filled to its last byte, then
an editor saves and uploads. What must hold: the answer is the desk's own sentence, or the plain page of what will pass;
nothing is half stored, neither row nor file; readers are served; once there is room again, the same is taken as ever.
"""

import errno
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.faults import desk
from tests.faults.database import FAILED, KEPT, Desk

MEGABYTES = 16
SENTENCE = "The storage of pictures does not answer"
ADD = "/admin/articles/photo/add/"


@contextmanager
def small(folder: Path) -> Iterator[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={MEGABYTES}m,mode=0755", "newsroom-faults", str(folder)]
    if subprocess.run(mount, stderr=subprocess.DEVNULL).returncode:
        desk.say("left out: no disk may be mounted here; it takes root on Linux")
        raise SystemExit(0)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607


@contextmanager
def full(folder: Path) -> Iterator[None]:
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(b"\0" * 4096)
        except OSError as error:
            if error.errno != errno.ENOSPC:
                raise
    try:
        yield
    finally:
        filler.unlink()


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and path.name != "filler"]


def uploaded(browser: desk.Browser, form: desk.Form, data: bytes) -> desk.Answer:
    """The form of a picture as a browser sends it, with a file."""
    mark = uuid.uuid4().hex
    fields = form | {"credit": ["A photographer"], "decorative": ["on"], "csrfmiddlewaretoken": [browser.token]}
    head = '--{0}\r\nContent-Disposition: form-data; name="{1}"'
    parts = [
        f"{head.format(mark, name)}\r\n\r\n{value}\r\n".encode() for name, values in fields.items() for value in values
    ]
    named = f'{head.format(mark, "upload")}; filename="one.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    body = b"".join([*parts, named.encode(), data, f"\r\n--{mark}--\r\n".encode()])
    kind = {"Content-Type": f"multipart/form-data; boundary={mark}"}
    return desk.request(ADD, body, browser.headers | kind)


def uploading(its: Desk, held: desk.Held, folder: Path, number: int) -> None:
    from articles.models import Photo, PhotoFile
    from tests.articles import pictures

    data = pictures.encoded(pictures.quarters(1200 + number, 800))
    form = its.an.form(ADD, "upload")
    before, rows = files(folder), (Photo.objects.count(), PhotoFile.objects.count())
    with full(folder):
        answer = uploaded(its.an, form, data)
        read = [desk.request(path).status for path in (its.known, "/en/")]
    what = SENTENCE if SENTENCE in answer.body else FAILED if FAILED in answer.body else answer.body[:200]
    held.that(
        answer.status in {503, 507} and what in {SENTENCE, FAILED},
        f"an upload is answered {answer.status}: {what}",
    )
    held.that((Photo.objects.count(), PhotoFile.objects.count()) == rows, "there is no row of it")
    held.none([f"{path.name}, {path.stat().st_size} bytes" for path in files(folder) if path not in before],
              "nothing of it is left in the storage")  # fmt: skip
    held.that(read == [200, 200], f"readers are served: {read}")
    again = uploaded(its.an, form, data)
    held.that(
        (again.status, Photo.objects.count(), len(files(folder)) - len(before)) == (302, rows[0] + 1, 2),
        f"with room again, it is taken: {again.status}",
    )


def saving(its: Desk, held: desk.Held, folder: Path, number: int) -> None:
    """SQLite's database and its journal have no byte left."""
    from django.db import connection

    its.ready()
    before, edits, typed = its.headline(), its.edits(), f"Typed {number} " + "word " * 20_000
    connection.close()
    with full(folder):
        answer = its.an.post(its.path, its.opened, body_en=f"<p>{typed}</p>", headline_en=f"No. {number}")
        read = [desk.request(path).status for path in (its.known, "/en/")]
    held.that(
        answer.status in {503, 507} and KEPT in answer.body,
        f"a save is answered {answer.status}, and where the words are",
    )
    held.that((its.headline(), its.edits()) == (before, edits), "nothing of it is there")
    held.that(read == [200, 200], f"readers are served: {read}")
    held.none(desk.damage(), "the database and the ledger are whole")
    again = its.an.post(its.path, its.opened, headline_en=f"No. {number}")
    held.that((again.status, its.headline()) == (302, f"No. {number}"), "with room again, it is saved")


def main(rounds: int, stack: ExitStack) -> int:
    held = desk.Held()
    media = stack.enter_context(small(desk.FOLDER / "small-media"))
    url = None
    on_sqlite = not os.environ.get("DATABASE_URL", "").startswith("postgres")
    if on_sqlite:
        disk = stack.enter_context(small(desk.FOLDER / "small-database"))
        url = f"sqlite:///{disk / 'disk.sqlite3'}"
    desk.begin("disk", url, MEDIA_ROOT=str(media))
    its = Desk.made()
    stack.enter_context(desk.Server())
    its.ready()
    for number in range(1, rounds + 1):
        desk.say(f" round {number}: no room for pictures")
        uploading(its, held, media, number)
        if on_sqlite:
            desk.say(f" round {number}: no room for the database")
            saving(its, held, disk, number)
    return held.code


if __name__ == "__main__":
    asked = desk.ask(__doc__, rounds=2)
    with ExitStack() as cleared:
        code = main(asked.rounds, cleared)
    sys.exit(code)
