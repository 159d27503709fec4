"""Pictures on the desk: taken in, described, replaced; whatever is not taken is said, and nothing typed is lost."""

import fcntl
import hashlib
import io
import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.test import Client
from django.test.utils import override_settings
from PIL import Image
from pytest_django import Settings

from articles import imaging, picturing
from articles.models import Photo, PhotoFile
from articles.pixels import Fault
from tests import factories
from tests.articles import pictures
from tests.articles.admin.conftest import Enter, Form, changed, form_at, page, typed, unchanged
from tests.factories import Desk

pytestmark = pytest.mark.django_db
ADD = "/admin/articles/photo/add/"
LIST = "/admin/articles/photo/"
WORDS = {
    "alt_vi": "Cầu trong sương",
    "caption_vi": "Cầu sáng nay.",
    "alt_en": "A bridge in fog",
    "caption_en": "The bridge this morning.",
    "credit": "Lan Vu",
    "licence": "CC BY 4.0",
    "source_url": "https://example.org/bridge",
    "taken_on": "2026-11-02",
    "people": "Nobody",
    "place": "Da Nang",
    "focal_x": "30",
    "focal_y": "70",
}


def change_url(photo: Photo) -> str:
    return f"/admin/articles/photo/{photo.pk}/change/"


def said(photo: Photo) -> dict[str, Any]:
    photo.refresh_from_db()
    return {name: str(getattr(photo, name)) for name in WORDS}


def post(client: Client, url: str, form: Form, *uploads: UploadedFile) -> HttpResponse:
    return client.post(url, form | ({"upload": list(uploads)} if uploads else {}))  # type: ignore[return-value]


def stored() -> int:
    return len(default_storage.listdir("pictures")[1]) if default_storage.exists("pictures") else 0


# --- taken in ----------------------------------------------------------------------------------------


def test_an_editor_adds_a_picture_with_all_that_is_said_of_it(desk: Desk, enter: Enter) -> None:
    an, before = enter(desk.an), stored()
    response = post(an, ADD, form_at(an, ADD, WORDS), pictures.upload(pictures.turned(6), "../../Ảnh \u202egpj.html"))
    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    photo = Photo.objects.get()
    assert said(photo) == WORDS
    assert [user.username for user in photo.hands.all()] == ["an"]
    file = PhotoFile.objects.get()
    assert photo.file == file
    assert (file.width, file.height, photo.decorative) == (1200, 800, False)
    data = file.kept.open().read()
    assert hashlib.sha256(data).hexdigest() == file.sha256
    assert (pictures.corners(data), pictures.SECRET in data) == ("rgbw", False)
    for name in (file.kept.name, file.preview.name):
        folder, _slash, random = name.partition("/")
        assert (folder, len(random), set(random) <= set("0123456789abcdef")) == ("pictures", 32, True)
    assert stored() == before + 2


def test_words_are_cleaned_as_all_words_are(desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    odd = {"alt_en": "  A bridge \u202e in\n fog ", "caption_vi": "Ca\u0302\u0300u", "credit": "Lan\u200b  Vu"}
    post(an, ADD, form_at(an, ADD, WORDS | odd), pictures.upload(pictures.jpeg()))
    photo = Photo.objects.get()
    assert (photo.alt_en, photo.caption_vi, photo.credit) == ("A bridge in fog", "Cầu", "Lan Vu")


def test_the_same_picture_again_is_the_same_file(desk: Desk) -> None:
    one, other = pictures.photo(desk.an), pictures.photo(desk.an)
    before = stored()
    assert (one.file_id, PhotoFile.objects.count()) == (other.file_id, 1)
    pictures.photo(desk.an)
    assert stored() == before


def test_two_who_take_in_the_same_at_once_leave_one_file(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = imaging.keep

    def meanwhile(data: bytes) -> imaging.Kept:
        monkeypatch.setattr(imaging, "keep", kept)
        found = kept(data)
        first = pictures.file(pictures.turned(2))
        rows = PhotoFile.objects.filter
        monkeypatch.setattr(
            PhotoFile.objects, "filter", lambda **asked: (monkeypatch.undo(), rows(pk="not yet there"))[1]
        )
        assert first.pk == hashlib.sha256(found.data).hexdigest()
        return found

    monkeypatch.setattr(imaging, "keep", meanwhile)
    before = stored()
    file = pictures.file(pictures.turned(2))
    assert PhotoFile.objects.get() == file
    assert stored() == before + 2
    assert default_storage.exists(file.kept.name)


NAMES = {
    "a path": "../../../etc/passwd",
    "a path of another kind": "..\\..\\boot.jpg",
    "nul": "a\0.jpg",
    "lines": "a\r\nSet-Cookie: x=1\r\n.jpg",
    "right to left": "gpj.\u202elmth",
    "long": "a" * 5_000 + ".jpg",
    "a script": '"><script>alert(1)</script>.jpg',
    "nothing": ".jpg",
}


@pytest.mark.parametrize("name", NAMES)
def test_whatever_a_file_is_called_it_is_stored_under_a_name_of_ours(
    name: str, desk: Desk, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = pictures.usual()
    monkeypatch.setattr(imaging, "keep", lambda data: kept)
    an = enter(desk.an)
    for words in (WORDS | {"credit": ""}, WORDS):  # said back to who typed, then stored
        response = post(an, ADD, form_at(an, ADD, words), pictures.upload(pictures.jpeg(), NAMES[name]))
        assert "Set-Cookie: x" not in str(response.headers)
        assert b"<script>alert" not in response.content
    assert response.status_code == 302
    for stored_as in (PhotoFile.objects.get().kept.name, PhotoFile.objects.get().preview.name):
        assert re.fullmatch("pictures/[0-9a-f]{32}", stored_as)


# --- what is not taken -------------------------------------------------------------------------------

ATTACKS = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", Fault.FORMAT),
    "cut": (pictures.jpeg()[:-4000], Fault.BROKEN),
    "bomb": (pictures.bomb(9_740, 9_740), Fault.PIXELS),
    "large": (pictures.jpeg() + b"\0" * imaging.MOST_BYTES, Fault.LARGE),
    "script before it": (pictures.SCRIPT + pictures.jpeg(), Fault.FORMAT),
    "lying": (pictures.lying(60_000, 60_000), Fault.PIXELS),
    "moving": (pictures.moving("WEBP"), Fault.MOVING),
    "text bomb": (pictures.text_bomb(), Fault.BROKEN),
}


@pytest.mark.usefixtures("english")
def test_who_comes_while_others_are_read_is_told_and_nothing_typed_is_lost(
    desk: Desk, enter: Enter, monkeypatch: pytest.MonkeyPatch, settings: Settings, tmp_path: Path
) -> None:
    settings.DECODERS = tmp_path
    monkeypatch.setattr(imaging, "PATIENCE", 0)
    an = enter(desk.an)
    form = form_at(an, ADD, WORDS)
    factories.article(desk.an)
    with ExitStack() as held:
        for number in range(imaging.AT_ONCE):
            fcntl.flock(held.enter_context((tmp_path / str(number)).open("w")), fcntl.LOCK_EX)
        with unchanged():
            response = post(an, ADD, form, pictures.upload(pictures.jpeg()))
    assert response.status_code == 503
    assert page(response).faults() == [str(imaging.SAID[Fault.BUSY])]
    assert {name: typed(response)[name] for name in WORDS} == {name: form[name] for name in WORDS}
    assert post(an, ADD, typed(response), pictures.upload(pictures.jpeg())).status_code == 302
    assert said(Photo.objects.get()) == WORDS


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_not_taken_is_said_and_nothing_typed_is_lost(name: str, desk: Desk, enter: Enter) -> None:
    data, fault = ATTACKS[name]
    an = enter(desk.an)
    form = form_at(an, ADD, WORDS | {"decorative": "on"})
    pictures.photo(desk.an)
    before = stored()
    with unchanged():
        response = post(an, ADD, form, pictures.upload(data))
    assert response.status_code == 200
    assert page(response).faults() == [str(imaging.SAID[fault])]
    kept = {name: values for name, values in typed(response).items() if name not in ("kept", "upload", "seen")}
    assert kept == {name: values for name, values in form.items() if name not in ("kept", "upload", "seen")}
    assert stored() == before
    assert post(an, ADD, typed(response), pictures.upload(pictures.jpeg())).status_code == 302
    assert said(Photo.objects.latest("pk")) == WORDS


def test_a_good_file_is_not_to_be_chosen_again_where_something_else_is_wrong(desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    response = post(an, ADD, form_at(an, ADD, WORDS | {"credit": ""}), pictures.upload(pictures.jpeg(), "bridge.jpg"))
    assert page(response).faults() == ["This field is required."]
    assert "“bridge.jpg” is kept." in response.content.decode()
    assert post(an, ADD, changed(typed(response), {"credit": "Lan Vu"})).status_code == 302
    assert said(Photo.objects.get()) == WORDS


def test_without_a_file_there_is_no_picture(desk: Desk, enter: Enter) -> None:
    pictures.photo(desk.an)
    an = enter(desk.an)
    for uploads in ((), (pictures.upload(b""),)):
        with unchanged():
            response = post(an, ADD, form_at(an, ADD, WORDS), *uploads)
        [fault] = page(response).faults()
        assert fault in ("Choose a file.", "The submitted file is empty.")


@pytest.mark.parametrize("token", ["", "x", '{"file": "0"}', "eyJmaWxlIjoiMCJ9:forged"])
def test_a_forged_file_is_none(token: str, desk: Desk, enter: Enter) -> None:
    pictures.photo(desk.an)
    an = enter(desk.an)
    with unchanged():
        response = post(an, ADD, form_at(an, ADD, WORDS | {"kept": token}))
    assert page(response).faults() == ["Choose a file."]


@override_settings(UPLOAD_MAX_SIZE=300_000)
def test_of_more_than_may_be_sent_little_is_kept_and_every_field_is_read(
    desk: Desk, enter: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The field after the file is read too, whichever handler the size of the request chose."""
    sizes: list[int] = []
    monkeypatch.setattr(imaging, "MOST_BYTES", 300_000)
    monkeypatch.setattr("articles.picturing.take_in", lambda upload: sizes.append(upload.size) or _refuse())
    an = enter(desk.an)
    form = form_at(an, ADD, WORDS)
    del form["upload"]
    for size in (1_000_000, 6_000_000):
        last = {"zz-last": "read"}
        response = an.post(ADD, {"upload": pictures.upload(b"\xff\xd8\xff" * (size // 3)), **form, **last})
        assert response.wsgi_request.POST["zz-last"] == "read"
        assert typed(response)["alt_en"] == [WORDS["alt_en"]]
    assert [300_000 < size <= 300_000 + 2 * 65_536 for size in sizes] == [True, True]


def _refuse() -> None:
    raise imaging.Unusable(Fault.LARGE)


# --- changed -----------------------------------------------------------------------------------------


def test_another_file_leaves_the_one_before_as_it_was(desk: Desk, enter: Enter) -> None:
    photo = pictures.photo(desk.an)
    first, data = photo.file_id, photo.file.kept.open().read()
    dung = enter(desk.dung)
    form = form_at(dung, change_url(photo), {"credit": "Ho Nam"})
    assert post(dung, change_url(photo), form, pictures.upload(pictures.turned(3))).status_code == 302
    photo.refresh_from_db()
    assert (photo.credit, photo.file_id != first) == ("Ho Nam", True)
    assert PhotoFile.objects.get(pk=first).kept.open().read() == data
    assert {user.username for user in photo.hands.all()} == {"an", "dung"}


def test_who_saves_what_another_changed_meanwhile_is_told_and_loses_nothing(desk: Desk, enter: Enter) -> None:
    photo = pictures.photo(desk.an)
    an, dung = enter(desk.an), enter(desk.dung)
    mine = form_at(an, change_url(photo), {"alt_en": "Mine", "credit": "Me"})
    post(dung, change_url(photo), form_at(dung, change_url(photo), {"alt_en": "Theirs"}))
    with unchanged():
        response = post(an, change_url(photo), mine)
    assert "Somebody else saved meanwhile: “Theirs”. Save again to keep what you typed." in page(response).faults()
    assert typed(response)["alt_en"] == ["Mine"]
    assert post(an, change_url(photo), typed(response)).status_code == 302
    photo.refresh_from_db()
    assert (photo.alt_en, photo.credit) == ("Mine", "Me")


def test_a_focal_point_lies_within(desk: Desk, enter: Enter) -> None:
    photo, an = pictures.photo(desk.an), enter(desk.an)
    for value in ("101", "-1", "x"):
        with unchanged():
            response = post(an, change_url(photo), form_at(an, change_url(photo), {"focal_x": value}))
        assert len(page(response).faults()) == 1


# --- looked at ---------------------------------------------------------------------------------------


def test_who_may_only_look_sees_all_that_is_said_and_no_file_to_choose(desk: Desk, enter: Enter) -> None:
    photo = pictures.photo(desk.an)
    shown = page(enter(desk.binh).get(change_url(photo)))
    assert "Four fields of colour" in " ".join(element.text for element in shown.elements)
    assert shown.all("input", name="upload") == []
    [image] = [image for image in shown.all("img") if "preview" in image["src"]]
    assert image["alt"] == "The picture as it is kept"


def test_the_preview_is_whole_small_and_private(desk: Desk, enter: Enter) -> None:
    photo = pictures.photo(desk.an)
    response = enter(desk.binh).get(f"/admin/articles/photo/{photo.pk}/preview/")
    image = Image.open(io.BytesIO(b"".join(response.streaming_content)))
    assert (image.format, image.size) == ("JPEG", (640, 427))
    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "private, max-age=600"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert sorted(part.strip() for part in response.headers["Content-Security-Policy"].split(";")) == [
        "default-src 'none'",
        "sandbox",
    ]
    assert enter(desk.binh).get("/admin/articles/photo/0/preview/").status_code == 404


def test_the_list_shows_each_in_as_many_queries_as_one(
    desk: Desk, enter: Enter, django_assert_num_queries: Any
) -> None:
    pictures.photo(desk.an)
    an = enter(desk.an)
    an.get(LIST)
    with django_assert_num_queries(6):
        assert len(page(an.get(LIST)).said("desk-thumbnail")) == 1
    for _number in range(10):
        pictures.photo(desk.an)
    with django_assert_num_queries(6):
        assert len(page(an.get(LIST)).said("desk-thumbnail")) == 11


def test_the_form_says_how_many_sizes_are_made_and_shows_how_it_is_cut(desk: Desk, enter: Enter) -> None:
    photo = pictures.photo(desk.an, focal_x=25, focal_y=100)
    an = enter(desk.an)
    shown = page(an.get(change_url(photo)))
    [bar] = shown.all("progress")
    assert (bar["value"], bar["max"]) == ("0", "9")
    [frame] = shown.all("rect", **{"class": "frame"})
    assert [frame[name] for name in ("x", "y", "width", "height")] == ["0", "125", "1200", "675"]
    [point] = [circle for circle in shown.all("circle") if circle["cx"]]
    assert (point["cx"], point["cy"]) == ("300", "800")
    while picturing.make_next():
        pass
    piece = page(an.get(shown.one("div", id="progress")["data-url"]))
    assert [element.words for element in piece.all("p")] == ["Every size for readers is made."]
    assert "data-whole" in piece.all("div")[0].attributes


@pytest.mark.parametrize("term", ["fog", "sương", "lan", "nothing"])
def test_it_is_found_by_what_is_said_of_it(term: str, desk: Desk, enter: Enter) -> None:
    pictures.photo(desk.an, alt_en="A bridge in fog", alt_vi="Cầu trong sương")
    found = page(enter(desk.an).get(LIST, {"q": term}))
    assert len(found.said("desk-thumbnail")) == (term != "nothing")
    assert factories.user("nobody")
