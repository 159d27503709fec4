"""The sizes of pictures: wanted with each save, made by any number of workers, each once; a fault loses none."""

import errno
import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image
from pytest_django import Settings

from articles import imaging, picturing, pixels, storing
from articles.management.commands import tick
from articles.models import Photo, PhotoFile, Rendition
from articles.models.rendition import MOST_ATTEMPTS, TAKEN, RenditionState
from articles.pixels import Fault
from tests.articles import pictures
from tests.factories import Desk

pytestmark = pytest.mark.django_db

FORMATS = ("jpeg", "webp", "avif")


def wanted(photo: Photo) -> list[tuple[str, int, str]]:
    rows = Rendition.objects.of(photo).order_by("pk")
    return list(rows.values_list("ratio", "width", "file_format"))


def states() -> list[str]:
    return list(Rendition.objects.order_by("pk").values_list("state", flat=True))


def whoever(data: bytes) -> Any:
    return lambda *args: data


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Made at once, of no picture."""
    monkeypatch.setattr(imaging, "render", lambda kept, *how: repr(how).encode())


def all_made() -> int:
    made = 0
    while picturing.make_next():
        made += 1
    return made


# --- wanted ------------------------------------------------------------------------------------------


def test_a_picture_is_wanted_in_each_size_that_it_has_each_format_and_each_ratio(desk: Desk) -> None:
    small = pictures.photo(desk.an)
    told = [("16x9", 1200, "jpeg"), ("4x3", 1066, "jpeg"), ("1x1", 800, "jpeg")]
    assert wanted(small) == [("16x9", width, each) for width in (480, 960) for each in FORMATS] + told
    large = pictures.photo(desk.an, pictures.encoded(pictures.quarters(1600, 900)))
    told = [("16x9", 1200, "jpeg"), ("4x3", 1200, "jpeg"), ("1x1", 900, "jpeg")]
    assert wanted(large) == [("16x9", width, each) for width in (480, 960, 1600) for each in FORMATS] + told
    least = pictures.photo(desk.an, pictures.encoded(pictures.quarters(480, 270)))
    told = [("4x3", 360, "jpeg"), ("1x1", 270, "jpeg")]  # what a page shows is told, too
    assert wanted(least) == [("16x9", 480, each) for each in FORMATS] + told


def test_saving_again_wants_nothing_anew_and_another_cut_wants_all_of_it(desk: Desk) -> None:
    photo = pictures.photo(desk.an)
    photo.save(by=desk.an)
    assert Rendition.objects.count() == 9
    photo.focal_x = 10
    photo.save(by=desk.an)
    assert (len(wanted(photo)), Rendition.objects.count()) == (9, 18)


def test_two_pictures_of_one_file_that_are_cut_alike_share_their_sizes(desk: Desk) -> None:
    pictures.photo(desk.an)
    pictures.photo(desk.dung)
    assert Rendition.objects.count() == 9


# --- made --------------------------------------------------------------------------------------------


def test_a_worker_makes_them_all_as_pictures_of_these_sizes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = pictures.photo(desk.an, focal_y=0)
    monkeypatch.setattr(tick, "MAKING", 600)  # on a busy machine, too
    call_command("tick")
    assert states() == ["done"] * 9
    for row in Rendition.objects.all():
        image = Image.open(row.stored.open())
        height = {"16x9": row.width * 9 // 16, "4x3": 800, "1x1": 800}[row.ratio]
        assert (image.size, image.format) == ((row.width, height), row.file_format.upper())
        assert dict(image.getexif()) == {}
        out = io.BytesIO()
        image.convert("RGB").save(out, "PNG")
        assert pictures.corners(out.getvalue())[:2] == "rg"
        assert (row.attempts, row.last_error) == (1, "")
    assert picturing.progress(photo) == picturing.Progress(9, 9, [])
    assert picturing.make_next() is None


@pytest.mark.usefixtures("quick")
def test_the_smallest_of_each_comes_first_and_what_failed_last(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures.photo(desk.an)
    Rendition.objects.filter(width=480, file_format="jpeg").update(attempts=1)
    order = []
    while row := picturing.make_next():
        order.append((row.width, row.file_format))
    assert order == [
        (480, "webp"), (480, "avif"), (800, "jpeg"), (960, "jpeg"), (960, "webp"), (960, "avif"), (1066, "jpeg"),
        (1200, "jpeg"), (480, "jpeg"),
    ]  # fmt: skip


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    def broken(*args: object) -> NoReturn:
        raise error

    monkeypatch.setattr(imaging, "render", broken)


def test_what_fails_is_tried_again_after_longer_and_longer_then_no_more(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, english: None
) -> None:
    photo = pictures.photo(desk.an)
    failing(monkeypatch, imaging.Unusable(Fault.TIME))
    Rendition.objects.exclude(width=480, file_format="jpeg").delete()
    pauses = []
    for _attempt in range(MOST_ATTEMPTS - 1):
        began = timezone.now()
        row = picturing.make_next()
        assert row is not None
        pauses.append(round((row.due - began) / timedelta(minutes=1)))
        assert (row.state, picturing.make_next()) == (RenditionState.WAITING, None)
        Rendition.objects.update(due=began)
    assert pauses == [1, 2, 4, 8]
    last = picturing.make_next()
    assert last is not None
    assert (last.state, last.attempts, last.last_error) == ("failed", MOST_ATTEMPTS, str(imaging.SAID[Fault.TIME]))
    assert picturing.make_next() is None
    assert picturing.progress(photo) == picturing.Progress(0, 1, [str(imaging.SAID[Fault.TIME])])


@pytest.mark.usefixtures("english")
def test_one_that_fails_stops_none_of_the_others_and_a_save_tries_it_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = pictures.photo(desk.an)
    Rendition.objects.update(attempts=MOST_ATTEMPTS - 1)
    first = Rendition.objects.earliest("pk")

    def render(kept: bytes, x: int, y: int, width: int, file_format: str, ratio: str) -> bytes:
        if (width, file_format) == (first.width, first.file_format):
            raise OSError("no space left")
        return b"made"

    monkeypatch.setattr(imaging, "render", render)
    assert all_made() == 9
    assert states() == ["failed", *["done"] * 8]
    assert picturing.progress(photo).errors == ["A fault stopped it; the log of the worker says more."]
    photo.save(by=desk.an)
    assert states() == ["waiting", *["done"] * 8]
    monkeypatch.setattr(imaging, "render", whoever(b"made"))
    assert all_made() == 1
    assert picturing.progress(photo).whole


def test_a_worker_that_is_killed_has_lost_one_and_it_is_made_when_it_counts_as_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures.photo(desk.an)
    failing(monkeypatch, KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        picturing.make_next()
    monkeypatch.setattr(imaging, "render", whoever(b"made"))
    assert all_made() == 8
    assert states() == ["waiting", *["done"] * 8]
    Rendition.objects.filter(state="waiting").update(due=timezone.now() - timedelta(seconds=1))
    assert all_made() == 1
    assert states() == ["done"] * 9


def test_one_that_kills_its_worker_each_time_is_left_after_so_many(desk: Desk) -> None:
    pictures.photo(desk.an)
    Rendition.objects.update(attempts=MOST_ATTEMPTS)
    assert picturing.make_next() is None
    assert states() == ["failed"] * 9


def test_each_is_made_by_one_of_two_workers(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The other looks while this one is at it, and later finds its own lost: nothing is stored twice."""
    pictures.photo(desk.an)
    Rendition.objects.exclude(width=480, file_format="jpeg").delete()
    monkeypatch.setattr(imaging, "render", whoever(b"made"))
    before = len(default_storage.listdir("pictures")[1])

    others = []  # said afterwards: what is raised in here is taken for a picture that cannot be made

    def slow(*args: object) -> bytes:
        monkeypatch.setattr(imaging, "render", whoever(b"made"))
        others.append(picturing.make_next())
        Rendition.objects.update(due=timezone.now() - TAKEN)
        others.append(picturing.make_next())
        return b"made late"

    monkeypatch.setattr(imaging, "render", slow)
    row = picturing.make_next()
    assert row is not None
    assert others == [None, row]
    assert row.stored.open().read() == b"made"
    assert len(default_storage.listdir("pictures")[1]) == before + 1


@pytest.mark.parametrize("room_for", [0, 1])
def test_of_a_picture_for_which_there_was_no_room_no_file_is_left(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path, room_for: int
) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    full = [room_for]

    class Content(ContentFile):
        def chunks(self, chunk_size: int | None = None) -> Iterator[bytes]:
            if full[0]:
                full[0] -= 1
                yield from super().chunks(chunk_size)
            else:
                yield b"half"
                raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(storing, "ContentFile", Content)
    with pytest.raises(imaging.Unusable, match=Fault.STORAGE):
        picturing.take_in(pictures.upload(pictures.jpeg()))
    assert not PhotoFile.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_the_database_holds_that_what_is_done_is_stored_and_each_once(desk: Desk) -> None:
    photo = pictures.photo(desk.an)
    for changed in (
        {"state": "done"}, {"stored": "pictures/x"}, {"state": "other"}, {"file_format": "webp"},
        {"ratio": "4x3", "width": 1066},
    ):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            Rendition.objects.filter(width=480, file_format="jpeg").update(**changed)
    with pytest.raises(IntegrityError), transaction.atomic():
        PhotoFile.objects.filter(pk=photo.file_id).delete()


def test_how_each_is_written_is_what_was_measured() -> None:
    assert pixels.HOW == {
        "jpeg": {"quality": 78, "optimize": True, "progressive": True},
        "webp": {"quality": 75},
        "avif": {"quality": 50, "speed": 8, "max_threads": 1},
    }
