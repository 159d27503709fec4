"""What is deleted of stored pictures: what nobody needs any more, after a day; never what a version shows."""

import io
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.utils import timezone
from time_machine import travel

from articles import imaging, picturing
from articles.models import Article, Photo, PhotoFile, Rendition
from tests import factories
from tests.articles import pictures
from tests.articles.steps import edit
from tests.factories import Desk

pytestmark = pytest.mark.django_db


def stored() -> set[str]:
    return {f"pictures/{name}" for name in default_storage.listdir("pictures")[1]}


def named() -> set[str]:
    files = {name for row in PhotoFile.objects.all() for name in (row.kept.name, row.preview.name) if name}
    return files | {row.stored.name for row in Rendition.objects.all() if row.stored.name}


def said(*options: str) -> list[str]:
    out = io.StringIO()
    call_command("prune_pictures", *options, stdout=out)
    return out.getvalue().splitlines()


@pytest.fixture
def kept(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[Photo, Article]:
    """Of an article: approved with its first file and cut, which the desk replaced since; all sizes made."""
    monkeypatch.setattr(imaging, "render", lambda data, *how: repr(how).encode())
    photo = pictures.photo(desk.an)
    article = factories.article(desk.an, lead=photo)
    factories.approved(article, desk=desk)
    photo.file, photo.focal_x = pictures.file(pictures.encoded(pictures.quarters(600, 400))), 10
    photo.save(by=desk.an)
    while picturing.make_next():
        pass
    return photo, article


def later(days: float = 1.1) -> travel:
    return travel(timezone.now() + timedelta(days=days), tick=False)


@pytest.mark.usefixtures("kept")
def test_nothing_that_is_needed_is_deleted() -> None:
    before = (named(), Rendition.objects.count())
    assert before[0] <= stored()
    with later():
        said()
    assert (named(), Rendition.objects.count()) == before
    assert before[0] <= stored()


def test_abandoned_uploads_cuts_given_up_and_files_of_no_row_go_after_a_day(
    kept: tuple[Photo, Article], desk: Desk
) -> None:
    photo, article = kept
    with later():
        said()  # what other tests left in storage
    assert stored() == named()
    needed, rows = named(), set(Rendition.objects.values_list("pk", flat=True))
    abandoned = pictures.file(pictures.encoded(pictures.quarters(500, 300)))
    stray = default_storage.save("pictures/stray", ContentFile(b"stray"))
    photo.focal_x = 90
    photo.save(by=desk.an)
    photo.focal_x = 10
    photo.save(by=desk.an)
    edit(article, desk.an, lead=None)
    given_up = Rendition.objects.filter(focal_x=90).count()
    assert said() == ["0 deleted"]
    with later():
        planned = said("--dry-run")
        assert (stored() - needed, PhotoFile.objects.count()) == (
            {stray, str(abandoned.kept.name), str(abandoned.preview.name)},
            3,
        )
        told = said()
        assert told[:-1] == planned[:-1]
        assert (planned[-1], told[-1]) == (f"{given_up + 2} would be deleted", f"{given_up + 2} deleted")
        assert said() == ["0 deleted"]
    assert stored() == named() == needed
    assert set(Rendition.objects.values_list("pk", flat=True)) == rows


def test_what_a_version_shows_stays_though_no_picture_has_it(kept: tuple[Photo, Article], desk: Desk) -> None:
    with later(400):
        said()
    assert PhotoFile.objects.count() == 2
    for row in Rendition.objects.all():
        assert default_storage.exists(str(row.stored.name))
