"""A picture from an editor's disk to the reader: described, aimed, made in sizes, chosen, reviewed, shown."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import workflow
from articles.models import Article, Photo, Publication
from tests import factories
from tests.articles import pictures

THEME = [".select2-container"]  # select2, which Django's admin brings: its boxes have no name
LOADED = """async image => {  // within ten seconds
    for (let look = 0; look < 200 && !(image.complete && image.naturalWidth); look++)
        await new Promise((go) => setTimeout(go, 50));
    return image.complete && image.naturalWidth > 0;
}"""


@pytest.fixture
def article(newsroom: factories.Desk) -> Article:
    row = factories.article(newsroom.an)
    factories.cite(row, newsroom.an)
    return row


def test_a_picture_goes_from_a_disk_to_the_reader(
    article: Article,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    visit: Callable[[str], Page],
    tmp_path: Path,
) -> None:
    file = tmp_path / "bridge.jpg"
    file.write_bytes(pictures.turned(6))
    an = sign_in("an", "en")
    an.goto(live_server.url + reverse("admin:articles_photo_add"))
    an.set_input_files("input[name=upload]", file)
    an.fill("#id_alt_en", "Four fields of colour")
    an.click("button[name=_continue]")  # no credit yet
    expect(an.locator("main, #main")).to_contain_text("“bridge.jpg” is kept.")
    an.fill("#id_credit", "Lan Vu")
    an.click("button[name=_continue]")
    expect(an.locator("#focal img")).to_be_visible()

    box = an.locator("#focal").bounding_box()
    assert box
    an.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * 0.1)
    assert (an.input_value("#id_focal_x"), an.input_value("#id_focal_y")) == ("25", "10")
    assert an.locator("#focal rect").get_attribute("y") == "0"
    an.focus("#id_focal_y")
    for _step in range(5):
        an.keyboard.press("ArrowUp")
    assert an.locator("#focal circle").get_attribute("cy") == str(800 * 0.15).removesuffix(".0")
    with an.expect_navigation():
        an.click("button[name=_continue]")
    photo = Photo.objects.get()
    assert (photo.focal_x, photo.focal_y) == (25, 15)
    expect(an.locator("progress")).to_have_attribute("value", "0")
    call_command("tick")
    call_command("tick")  # on a busy machine one look is not enough
    expect(an.locator("#progress")).to_contain_text("Every size for readers is made.", timeout=10_000)

    an.goto(live_server.url + reverse("admin:articles_article_change", args=[article.pk]))
    an.wait_for_load_state("networkidle")
    an.locator(".select2-selection", has=an.locator("[id*=id_lead]")).click()
    suggested = an.locator(".select2-results__option img")
    expect(suggested).to_have_count(1)
    suggested.click()
    expect(an.locator("p > img.desk-thumbnail")).to_be_visible()
    with an.expect_navigation():
        an.click("button[name=_submit][value=en]")
    publication = Publication.objects.get()

    binh = sign_in("binh", "en")
    binh.goto(live_server.url + reverse("admin:articles_publication_review", args=[publication.pk]))
    inside = binh.frame_locator("iframe").locator(".lead-picture img")
    expect(inside).to_have_attribute("alt", "Four fields of colour")
    assert inside.evaluate(LOADED)
    factories.approve(publication, desk=newsroom)
    reader = visit("/en/articles/headline-alpha/")
    assert reader.locator(".lead-picture").count() == 0
    workflow.publish(publication, by=newsroom.chi, version=1)
    reader = visit("/en/articles/headline-alpha/")
    image = reader.locator(".lead-picture img")
    assert image.evaluate(LOADED)
    assert image.evaluate("image => image.currentSrc").endswith(".avif")


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_picture_and_its_form_have_no_fault(
    language: str,
    article: Article,
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    visit: Callable[[str], Page],
    looked_at: Callable[..., None],
) -> None:
    """Before any size of it is made too: its colour stands there, and nothing moves when it comes."""
    article.lead = pictures.photo(newsroom.an)
    article.save(by=newsroom.an)
    factories.published(article, language, desk=newsroom)
    slug = {"en": "headline-alpha", "vi": "tieu-de-alpha"}[language]
    page = visit(f"/{language}/articles/{slug}/")
    size = "figure => JSON.stringify(figure.getBoundingClientRect())"
    before = page.locator(".lead-picture").evaluate(size)
    looked_at(page, f"picture-waiting-{language}")
    call_command("tick")
    page = visit(f"/{language}/articles/{slug}/")
    page.wait_for_load_state("networkidle")
    assert page.locator(".lead-picture").evaluate(size) == before
    an = sign_in("an", language)
    for name, address in {
        "pictures": reverse("admin:articles_photo_changelist"),
        "picture": reverse("admin:articles_photo_change", args=[Photo.objects.get().pk]),
        "picture-new": reverse("admin:articles_photo_add"),
    }.items():
        an.goto(live_server.url + address)
        looked_at(an, f"{name}-{language}", THEME)
