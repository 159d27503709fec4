"""Pictures decoded and encoded where they can do no harm: in a process of its own, bound in time and memory
(`pixels`), and what is said of one that is not taken. Nothing is stored here.
"""

import fcntl
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from articles import pixels
from articles.pixels import Fault

MOST_BYTES = 20 * 1024 * 1024
TIMEOUT = 25  # seconds, whatever the processor did in them
AT_ONCE = 2  # on one machine: what each may take of its memory, it takes so many times
PATIENCE = 10  # seconds in which a turn may come

SAID: dict[Fault, Promise | str] = {
    Fault.LARGE: _("The file is larger than 20 MB."),
    Fault.FORMAT: _("The file is not a picture that can be taken: JPEG, PNG, WebP or AVIF."),
    Fault.BROKEN: _("The picture cannot be read: it is damaged or incomplete."),
    Fault.PIXELS: _("The picture has too many pixels: at most 40 million, and no side over 12,000."),
    Fault.SMALL: _("The picture is too small: at least 480 pixels wide and 270 high."),
    Fault.MOVING: _("The picture moves. Only still pictures are taken."),
    Fault.MEMORY: _("The picture takes too much memory to read. Save it as a plain JPEG, then try again."),
    Fault.TIME: _("The picture took too long to read. Save it anew in another program, then try again."),
    Fault.BUSY: _("Too many pictures are being read at the moment. Try again in a minute."),
    Fault.STORAGE: _("The storage of pictures does not answer. Try again in a minute."),
}


PASSING = {Fault.BUSY, Fault.STORAGE}  # nothing is wrong with the picture: it is taken another time


class Unusable(Exception):
    """A picture that is not taken; `reason` is shown as it is."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault)
        self.fault, self.reason = fault, str(SAID[fault])

    @property
    def passing(self) -> bool:
        return self.fault in PASSING


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture as it is kept, JPEG in sRGB without metadata, and a small copy; `colour` is "#rrggbb"."""

    data: bytes
    preview: bytes
    width: int
    height: int
    colour: str


def keep(data: bytes) -> Kept:
    """What is kept of an upload. Raises Unusable."""
    if len(data) > MOST_BYTES:
        raise Unusable(Fault.LARGE)
    if not pixels.kind_of(data[:16]):
        raise Unusable(Fault.FORMAT)
    facts, (kept, preview) = _apart(data, "keep")
    return Kept(kept, preview, facts["width"], facts["height"], facts["colour"])


def render(kept: bytes, x: int, y: int, width: int, file_format: str, ratio: str = pixels.WIDE) -> bytes:
    """The crop of a kept picture around the focal point (per cent). Raises Unusable."""
    _facts, [rendered] = _apart(kept, "render", str(x), str(y), str(width), file_format, ratio)
    return rendered


@contextmanager
def _turn() -> Iterator[int]:
    """One of the files whose locks are the decoders that may run at once. The kernel lets go of a lock with the last
    process that has the file open: nobody's death leaves one behind. Raises Unusable.
    """
    until = time.monotonic() + PATIENCE
    settings.DECODERS.mkdir(parents=True, exist_ok=True)
    while True:
        for number in range(AT_ONCE):
            with (settings.DECODERS / str(number)).open("w") as turn:
                try:
                    fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    continue
                yield turn.fileno()
                return
        if time.monotonic() > until:
            raise Unusable(Fault.BUSY)
        time.sleep(0.05)


def _apart(data: bytes, *arguments: str) -> tuple[dict[str, Any], list[bytes]]:
    try:
        with _turn() as turn:
            done = subprocess.run(  # noqa: S603  (this very Python, our own file, and numbers)
                [sys.executable, "-IB", str(Path(pixels.__file__)), *arguments],
                input=data,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=TIMEOUT,
                check=False,
                pass_fds=[turn],  # its turn lasts as long as it does, whatever becomes of us
            )
    except subprocess.TimeoutExpired as late:
        raise Unusable(Fault.TIME) from late
    line, _newline, rest = done.stdout.partition(b"\n")
    if not line:  # stopped by a bound
        raise Unusable(Fault.TIME if done.returncode < 0 else Fault.BROKEN)
    facts = json.loads(line)
    if "refused" in facts:
        raise Unusable(Fault(facts["refused"]))
    pieces, start = [], 0
    for size in facts["sizes"]:
        pieces.append(rest[start : start + size])
        start += size
    return facts, pieces
