"""A picture in both texts of an article, without a mouse: chosen, submitted, reviewed, published, read."""

from collections.abc import Callable

from django.core.management import call_command
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Publication
from tests import factories
from tests.articles import pictures
from tests.journeys.test_pictures import LOADED, THEME
from tests.journeys.writing import to_the_end

TABS = {"vi": "Tiếng Việt", "en": "English"}
WORDS = {"vi": ("tieu-de-alpha", "Cầu bằng lời", "Cây cầu."), "en": ("headline-alpha", "A bridge", "The bridge.")}


def insert(page: Page, language: str, search: str) -> None:
    """Behind the last paragraph, as An does by keyboard."""
    page.get_by_role("tab", name=TABS[language]).focus()
    page.keyboard.press("Enter")
    box = page.locator("[role=tabpanel]:visible .ProseMirror[role=textbox]")
    to_the_end(box)
    page.keyboard.press("Control+Alt+p")
    dialog = page.locator("#choose-picture")
    expect(dialog.locator("button[data-photo]")).to_have_count(2)
    page.keyboard.type(search)
    expect(dialog.locator("button[data-photo]")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    expect(box.locator("figure[data-photo] img")).to_have_count(1)
    expect(box).to_be_focused()
    page.keyboard.type(" Typed on.")  # where the cursor was: the picture stays


def test_a_picture_is_inserted_in_both_languages_and_read_in_both(
    newsroom: factories.Desk,
    live_server: LiveServer,
    sign_in: Callable[[str, str], Page],
    visit: Callable[[str], Page],
    looked_at: Callable[..., None],
) -> None:
    article = factories.article(newsroom.an)
    factories.cite(article, newsroom.an)
    said = {"alt_vi": "Cầu bằng lời", "alt_en": "A bridge", "caption_vi": "Cây cầu.", "caption_en": "The bridge."}
    photo = pictures.photo(newsroom.an, pictures.turned(6), **said)
    pictures.photo(newsroom.an)
    call_command("tick")
    call_command("tick")  # on a busy machine one look is not enough
    an = sign_in("an", "en")
    an.goto(live_server.url + reverse("admin:articles_article_change", args=[article.pk]))
    for language, search in (("vi", "cầu"), ("en", "bridge")):
        insert(an, language, search)
    looked_at(an, "text-picture-form", THEME)
    for language in WORDS:
        an.locator(f"button[name=_submit][value={language}]").focus()
        with an.expect_navigation():
            an.keyboard.press("Enter")
    figure = f'<figure data-photo="{photo.pk}"></figure>'
    kept = Article.objects.get(pk=article.pk)
    assert kept.body_en == f"<p>Opening Alpha.</p><h2>Section Alpha</h2><p>Body. Typed on.</p>{figure}"
    assert kept.body_vi == f"<p>Mở đầu Alpha.</p><h2>Phần Alpha</h2><p>Thân bài. Typed on.</p>{figure}"

    for language, (slug, alt, caption) in WORDS.items():
        publication = Publication.objects.get(language=language)
        binh = sign_in("binh", language)
        binh.goto(live_server.url + reverse("admin:articles_publication_review", args=[publication.pk]))
        inside = binh.frame_locator("iframe").locator(".text-picture img")
        inside.scroll_into_view_if_needed()
        expect(inside).to_have_attribute("alt", alt)
        assert inside.evaluate(LOADED)
        factories.approve(publication, desk=newsroom)
        chi = sign_in("chi", language)
        chi.goto(live_server.url + reverse("admin:articles_publication_move", args=[publication.pk, "publish"]))
        with chi.expect_navigation():
            chi.locator("form.desk-decision button").click()
        reader = visit(f"/{language}/articles/{slug}/")
        image = reader.locator(".words .text-picture img")
        size = image.bounding_box()
        image.scroll_into_view_if_needed()
        assert image.evaluate(LOADED)
        assert image.evaluate("image => image.currentSrc").endswith(".avif")
        assert (size and size["width"], size and size["height"]) == tuple(
            (image.bounding_box() or {})[name] for name in ("width", "height")
        )
        expect(reader.locator(".text-picture figcaption")).to_contain_text(caption)
        looked_at(reader, f"text-picture-{language}")
