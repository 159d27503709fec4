"""Pictures in a storage that is far away, or gone: whatever becomes of it, nobody meets a fault page, nothing typed is
lost, and what is kept is public nowhere. Where a real S3-compatible server can be installed, on such a one.
"""

import io
import logging
import secrets
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from PIL import Image
from pytest_django import Settings
from time_machine import travel

from articles import cards, imaging, picturing
from articles.models import Photo, PhotoFile, Rendition
from articles.pixels import Fault
from newsroom import storage
from tests import buckets, factories
from tests.articles import pictures
from tests.articles.admin.conftest import Enter, form_at, page, typed, unchanged
from tests.articles.test_lead_pictures import address, headers
from tests.factories import Desk

pytestmark = pytest.mark.django_db

ADD = "/admin/articles/photo/add/"
WORDS = {"alt_en": "A bridge in fog", "alt_vi": "Cầu trong sương", "credit": "Lan Vu"}
GONE = "The storage of pictures does not answer. Try again in a minute."
Use = Callable[[str], None]


@pytest.fixture
def use(settings: Settings) -> Use:
    """Keep pictures and cards where this STORAGE_URL says."""

    def at(url: str) -> None:
        settings.STORAGES = settings.STORAGES | storage.kept(url, cards=Path("unused"))

    return at


@pytest.fixture
def nowhere(use: Use) -> None:
    """A store that nobody runs."""
    [port] = buckets.free_ports(1)
    use(f"s3+http://desk:{HIDDEN}@127.0.0.1:{port}/pictures")


HIDDEN = "never-to-be-told"


def make_all() -> int:
    made = 0
    while picturing.make_next():
        made += 1
    return made


# --- out of reach ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("nowhere")
def test_a_picture_that_cannot_be_stored_is_said_and_nothing_typed_is_lost(
    desk: Desk, enter: Enter, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = pictures.usual()
    monkeypatch.setattr(imaging, "keep", lambda data: kept)
    an = enter(desk.an)
    form = form_at(an, ADD, WORDS)
    factories.article(desk.an)
    with unchanged():
        response = an.post(ADD, form | {"upload": pictures.upload(pictures.jpeg())})
    assert response.status_code == 503
    assert page(response).faults() == [GONE]
    assert {name: typed(response)[name] for name in WORDS} == {name: [value] for name, value in WORDS.items()}
    assert "does not answer" in caplog.text
    assert HIDDEN not in caplog.text


def test_a_size_that_cannot_be_stored_waits_and_is_made_as_soon_as_it_can(
    desk: Desk, use: Use, settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """However long it takes: it is no fault of the picture, which fails after some of its own."""
    settings.MEDIA_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}}
    pictures.photo(desk.an)
    monkeypatch.setattr(imaging, "render", lambda kept, *how: b"made")
    near, began = settings.STORAGES, timezone.now()
    [port] = buckets.free_ports(1)
    use(f"s3+http://desk:{HIDDEN}@127.0.0.1:{port}/pictures")
    for minutes in range(0, 40, 2):
        with travel(began + timedelta(minutes=minutes), tick=False):
            assert picturing.make_next() is None
    tried = Rendition.objects.exclude(last_error="")
    assert set(tried.values_list("state", "attempts", "last_error")) == {("waiting", 0, GONE)}
    settings.STORAGES = near
    with travel(began + timedelta(hours=1), tick=False):
        assert make_all() == Rendition.objects.count() > 0
    assert set(Rendition.objects.values_list("state", "last_error")) == {("done", "")}


@pytest.mark.parametrize("lost", [True, False])
def test_readers_are_told_that_it_is_not_there_now_or_not_at_all(
    lost: bool, desk: Desk, client: Client, monkeypatch: pytest.MonkeyPatch, use: Use
) -> None:
    photo = pictures.photo(desk.an)
    factories.published(factories.article(desk.an, lead=photo), desk=desk)
    monkeypatch.setattr(imaging, "render", lambda kept, *how: b"made")
    make_all()
    page_before = client.get("/en/articles/headline-alpha/").content
    if lost:
        for row in Rendition.objects.all():
            default_storage.delete(str(row.stored.name))
    else:
        [port] = buckets.free_ports(1)
        use(f"s3+http://desk:{HIDDEN}@127.0.0.1:{port}/pictures")
    response = client.get(address(photo))
    assert response.status_code == (404 if lost else 503)
    if not lost:
        assert (headers(response)["Cache-Control"], headers(response)["csp"]) == (
            "no-store",
            "default-src 'none'; sandbox",
        )
        assert response.headers["Retry-After"] == "60"
    assert client.get("/en/articles/headline-alpha/").content == page_before


@pytest.mark.usefixtures("nowhere", "english")
def test_pruning_stops_with_a_sentence(db: None) -> None:
    for options in ([], ["--dry-run"]):
        with pytest.raises(CommandError, match="does not answer"):
            call_command("prune_pictures", *options, stdout=io.StringIO())


# --- a real store ------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[buckets.Server]:
    if not buckets.PROGRAM:
        pytest.skip("no S3-compatible server can be installed here")
    with buckets.running(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture
def bucket(server: buckets.Server, use: Use) -> Iterator[Any]:
    """A bucket of this test's own, as its owner sees it; all that is stored goes into it."""
    name = f"test-{secrets.token_hex(6)}"
    store = boto3.resource(
        "s3",
        endpoint_url=server.endpoint,
        aws_access_key_id=buckets.KEY,
        aws_secret_access_key=buckets.SECRET,
        region_name="us-east-1",
        config=Config(s3={"addressing_style": "path"}),
    )
    store.Bucket(name).create()
    use(f"{server.url(name)}/desk")
    yield store.Bucket(name)
    store.meta.client.close()


def keys(bucket: Any) -> set[str]:
    return {each.key for each in bucket.objects.all()}


def test_a_picture_goes_from_a_disk_to_the_reader_by_a_store(
    desk: Desk, enter: Enter, client: Client, bucket: Any, server: buckets.Server
) -> None:
    an = enter(desk.an)
    assert an.post(ADD, form_at(an, ADD, WORDS) | {"upload": pictures.upload(pictures.turned(6))}).status_code == 302
    photo, file = Photo.objects.get(), PhotoFile.objects.get()
    factories.published(factories.article(desk.an, lead=photo), desk=desk)
    assert client.get(address(photo)).headers["Content-Type"] == "image/svg+xml"
    assert make_all() == Rendition.objects.count()
    for row in Rendition.objects.all():
        shape = "" if row.ratio == "16x9" else f"{row.ratio}-"
        response = client.get(f"/pictures/{file.pk}/50-50-{shape}{row.width}.{row.file_format}")
        assert headers(response) == {
            "Content-Type": f"image/{row.file_format}",
            "Cache-Control": "public, max-age=31536000, immutable",
            "X-Content-Type-Options": "nosniff",
            "csp": "default-src 'none'; sandbox",
        }
        data = b"".join(response.streaming_content)  # type: ignore[attr-defined]
        assert Image.open(io.BytesIO(data)).width == row.width
        assert pictures.SECRET not in data
    preview = enter(desk.binh).get(f"/admin/articles/photo/{photo.pk}/preview/")
    assert Image.open(io.BytesIO(b"".join(preview.streaming_content))).size == (640, 427)  # type: ignore[attr-defined]
    names = [file.kept.name, file.preview.name, *Rendition.objects.values_list("stored", flat=True)]
    assert keys(bucket) == {f"desk/{name}" for name in names}
    for key in keys(bucket):
        assert server.status(f"{bucket.name}/{key}") == 403  # a stranger at the store
        assert client.get(f"/{key}").status_code == client.get(f"/{key.removeprefix('desk/')}").status_code == 404


def test_a_card_is_drawn_once_for_all_who_use_the_store(desk: Desk, client: Client, bucket: Any) -> None:
    factories.published(factories.article(desk.an), desk=desk)
    [found] = [
        each["content"] for each in page(client.get("/en/articles/headline-alpha/")).all("meta", property="og:image")
    ]
    drawn = client.get(found).content
    [key] = keys(bucket)
    assert key.startswith("desk/cards/")
    with storages["cards"].open(key.removeprefix("desk/cards/")) as file:
        assert file.read() == drawn
    before = bucket.Object(key).last_modified
    assert client.get(found).content == drawn
    assert bucket.Object(key).last_modified == before
    assert cards.END in drawn


def test_pruning_a_store_says_first_and_deletes_what_nobody_needs(
    desk: Desk, bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = pictures.photo(desk.an)
    needed = keys(bucket)
    stray = default_storage.save("pictures/stray", ContentFile(b"stray"))
    abandoned = pictures.file(pictures.encoded(pictures.quarters(500, 300)))
    unwanted = {f"desk/{name}" for name in (stray, abandoned.kept.name, abandoned.preview.name)}

    def said(*options: str) -> list[str]:
        out = io.StringIO()
        call_command("prune_pictures", *options, stdout=out)
        return out.getvalue().splitlines()

    assert said() == ["0 deleted"]
    monkeypatch.setattr(picturing, "YOUNG", -timedelta(minutes=5))  # the store's clock is its own
    assert said("--dry-run")[-1] == "2 would be deleted"
    assert keys(bucket) == needed | unwanted
    assert said()[-1] == "2 deleted"
    assert keys(bucket) == needed == {f"desk/{photo.file.kept.name}", f"desk/{photo.file.preview.name}"}


def test_a_wrong_secret_is_no_page_of_faults_and_is_told_nowhere(
    desk: Desk, client: Client, server: buckets.Server, bucket: Any, use: Use, caplog: pytest.LogCaptureFixture
) -> None:
    photo = pictures.photo(desk.an)
    factories.published(factories.article(desk.an, lead=photo), desk=desk)
    make_all()
    assert client.get(address(photo)).status_code == 200
    use(f"{server.url(bucket.name, secret=HIDDEN)}/desk")
    caplog.set_level(logging.INFO)
    response = client.get(address(photo))
    assert response.status_code == 503
    with pytest.raises(imaging.Unusable) as caught:
        pictures.file(pictures.turned(2))
    assert caught.value.fault == Fault.STORAGE
    assert "Forbidden" in caplog.text or "SignatureDoesNotMatch" in caplog.text
    for text in (caplog.text, response.content.decode(), caught.value.reason):
        assert HIDDEN not in text
