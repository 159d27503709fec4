"""A worker that is killed in the middle of a size, for real: what it had made is kept, the one in hand is made by the
next.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from articles.models import Rendition
from tests.articles import pictures
from tests.factories import Desk

LONGEST = 300  # seconds, on a machine that does much else


def database_url() -> str:
    """Of the database that the test is in."""
    at = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{at['NAME']}"
    return f"postgres://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"


@contextmanager
def worker(media: Path) -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "worker", "--every", "0.1"],
        cwd=site.BASE_DIR,
        env=os.environ
        | {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1", "NEWSROOM_CHECK_LINKS": "0"}
        | {"DATABASE_URL": database_url(), "MEDIA_ROOT": str(media), "STORAGE_URL": ""},
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def stopped_in_the_middle(process: "subprocess.Popen[bytes]") -> bool:
    """Leave it stopped while its decoder is at a size and others are made; else let it go on."""
    process.send_signal(signal.SIGSTOP)
    if not Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text():
        process.send_signal(signal.SIGCONT)  # it may hold the database, which would not answer us
        return False
    taken = Rendition.objects.filter(state="waiting", attempts=1)
    if taken.exists() and Rendition.objects.filter(state="done").exists():
        return True
    process.send_signal(signal.SIGCONT)
    return False


@pytest.mark.skipif(sys.platform != "linux", reason="whether its decoder runs is read in /proc")
@pytest.mark.django_db(transaction=True)
def test_the_next_worker_makes_what_a_killed_one_had_in_hand(desk: Desk, settings: Settings, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    pictures.photo(desk.an, pictures.encoded(pictures.quarters(2400, 1600)))
    wanted, until = Rendition.objects.count(), time.monotonic() + LONGEST
    with worker(tmp_path) as process:
        while not stopped_in_the_middle(process):
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.02)
        process.kill()
        assert process.wait() == -signal.SIGKILL
    done = list(Rendition.objects.filter(state="done").order_by("pk").values_list("pk", "stored"))
    lost = Rendition.objects.exclude(state="done").filter(attempts=1)
    assert (0 < len(done) < wanted, lost.count()) == (True, 1)
    lost.update(due=timezone.now())  # it counts as lost a minute later
    with worker(tmp_path) as process:
        while Rendition.objects.exclude(state="done").exists():
            assert process.poll() is None
            assert time.monotonic() < until
            time.sleep(0.1)
    kept = Rendition.objects.filter(pk__in=[pk for pk, _stored in done]).order_by("pk").values_list("pk", "stored")
    assert list(kept) == done
    for row in Rendition.objects.all():
        with row.stored.open() as file, Image.open(file) as image:
            image.load()
            assert image.width == row.width
