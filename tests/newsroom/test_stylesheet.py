"""One stylesheet from many."""

import os
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.templatetags.static import static
from django.test import Client

from newsroom import stylesheet
from newsroom.stylesheet import FIRST, NAME, BundleFinder


@pytest.fixture
def finder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> BundleFinder:
    """Of a house with two components and the parts that come first."""
    made = BundleFinder()
    monkeypatch.setattr(made, "folder", tmp_path / "parts", raising=False)
    monkeypatch.setattr(made, "storage", FileSystemStorage(location=tmp_path / "made"), raising=False)
    made.folder.mkdir()
    for name in ("zebra", "ant", *FIRST):
        (made.folder / f"{name}.css").write_text(f"/* {name} */ đ", "utf-8")
    (made.folder / "notes.txt").write_text("not a style", "utf-8")
    return made


WHOLE = "\n".join(f"/* {name} */ đ" for name in (*FIRST, "ant", "zebra"))


def test_the_frame_comes_first_then_the_components_by_name(finder: BundleFinder) -> None:
    assert finder.bundle().read_text("utf-8") == WHOLE


def test_it_is_found_by_its_name_alone(finder: BundleFinder) -> None:
    assert finder.find(NAME) == str(finder.bundle())
    assert finder.find(NAME, find_all=True) == [str(finder.bundle())]
    for other in ("css/site/ant.css", "css", "", f"../{NAME}", f"{NAME}.map"):
        assert finder.find(other) == finder.find(other, find_all=True) == []


def test_it_is_collected_whole(finder: BundleFinder) -> None:
    [(name, storage)] = finder.list(None)
    assert name == NAME
    with storage.open(name) as collected:
        assert collected.read().decode() == WHOLE


def test_a_part_that_changes_comes_or_goes_is_in_the_next_one(finder: BundleFinder) -> None:
    finder.bundle()
    (finder.folder / "ant.css").write_text("a { color: red }", "utf-8")
    (finder.folder / "zebra.css").unlink()
    (finder.folder / "bee.css").write_text("b {}", "utf-8")
    os.utime(finder.folder / "ant.css", (0, 0))  # an older clock makes no difference
    assert finder.bundle().read_text("utf-8").endswith("page */ đ\na { color: red }\nb {}")


def test_nothing_changed_is_nothing_written(finder: BundleFinder) -> None:
    whole = finder.bundle()
    os.utime(whole, (0, 0))
    assert finder.bundle().stat().st_mtime == 0


def test_a_house_without_its_frame_is_an_error(finder: BundleFinder) -> None:
    (finder.folder / "tokens.css").unlink()
    with pytest.raises(KeyError, match="tokens"):
        finder.bundle()


def test_every_part_of_the_house_is_in_the_stylesheet_once() -> None:
    whole = Path(str(finders.find(NAME))).read_text("utf-8")
    parts = [part.read_text("utf-8") for part in BundleFinder.folder.glob("*.css")]
    assert len(parts) > len(FIRST)
    assert [whole.count(part) for part in parts] == [1] * len(parts)
    assert len(whole) == sum(map(len, parts)) + len(parts) - 1


@pytest.mark.django_db  # closing a file's response looks after old connections
def test_every_page_asks_for_this_one_stylesheet_and_gets_it(client: Client) -> None:
    html = client.get("/en/nothing/").content.decode()
    assert re.findall(r'<link rel="stylesheet" href="([^"]*)">', html) == [static(stylesheet.NAME)]
    response = client.get(static(stylesheet.NAME))
    assert (response.status_code, response["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert b"".join(response).decode() == Path(str(finders.find(NAME))).read_text("utf-8")  # type: ignore[arg-type]
    response.close()


@pytest.mark.django_db  # closing a file's response looks after old connections
def test_what_the_frame_of_a_page_names_is_there(client: Client) -> None:
    html = client.get("/en/nothing/").content.decode()
    named = re.findall(r'<link [^>]*href="(/static/[^"]*)"', html)
    assert len(named) == 5  # two fonts, the stylesheet, the icon in two forms
    for path in named:
        response = client.get(path)
        assert response.status_code == 200, path
        response.close()
