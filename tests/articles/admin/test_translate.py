"""The translator's screen: one language's fields in the article's own form, beside frozen words of another."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles import workflow
from articles.models import Article, Citation, Edit, Publication, Version
from articles.models.article import SHARED, TRANSLATED
from tests import factories
from tests.articles.admin.conftest import Enter, Form, Page, change_url, changed, page, reads_only, typed, unchanged
from tests.articles.steps import edit
from tests.factories import Desk

OPENED = {"opened", "draft", "beside"}
BODY_VI = '<p>Mở đầu Alpha.<sup data-cite="1"></sup></p><h2>Phần Alpha</h2><p>Thân bài.<sup data-cite="2"></sup></p>'


def url(article: Article, source: str = "vi", language: str = "en") -> str:
    return reverse("admin:articles_article_translate", args=[article.pk, source, language])


@pytest.fixture
def article(desk: Desk) -> Article:
    """Live in Vietnamese with two citations and a mark of each; in English nothing but the factory's words."""
    row = factories.article(desk.an)
    for _time in range(2):
        factories.cite(row, desk.an)
    edit(row, desk.an, body_vi=BODY_VI)
    factories.published(row, "vi", desk=desk)
    return Article.objects.get(pk=row.pk)


def shown(client: Client, address: str) -> Page:
    with reads_only():
        response = client.get(address)
    assert response.status_code == 200
    return page(response)


def post(client: Client, address: str, form: Form, **more: str) -> HttpResponse:
    return client.post(address, form | {name: [value] for name, value in more.items()})


def opened(client: Client, address: str) -> Form:
    return typed(client.get(address))


def sources(found: Page) -> list[str]:
    """The words of the source beside the form, field by field and block by block."""
    return [each.words for each in found.elements if each["class"] == "desk-diff"]


def warned(found: Page) -> list[str]:
    return found.said("desk-warned")


def correct(article: Article, language: str, desk: Desk, **words: str) -> Version:
    """What is live is corrected, to these words."""
    edit(article, desk.an, **words)
    row = factories.approved(Article.objects.get(pk=article.pk), language, desk=desk)
    assert row.approved
    workflow.correct(row, by=desk.chi, version=row.approved.number, kind="correction", note="Why.")
    return row.approved


def stored(article: Article) -> dict[str, str | None]:
    row, codes = Article.objects.get(pk=article.pk), ("vi", "en")
    names = [*SHARED, *(f"{name}_{code}" for name in TRANSLATED for code in codes)]
    return {name: getattr(row, name) for name in names}


# --- the form ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "language"), [("vi", "en"), ("en", "vi")])
def test_the_form_has_the_fields_of_one_language_and_saves_no_other(
    source: str, language: str, article: Article, desk: Desk, enter: Enter
) -> None:
    dung, before = enter(desk.dung), stored(article)
    form = opened(dung, url(article, source, language))
    own = {f"{name}_{language}" for name in TRANSLATED}
    assert own <= set(form) <= own | OPENED
    assert {name: form[name] for name in own} == {name: [before[name] or ""] for name in own}
    forged = {f"headline_{source}": "Forged", "kind": "opinion", "category": "", "authors": [], "translator": "Forged"}
    answer = dung.post(url(article, source, language), changed(form, {f"summary_{language}": "Mine."}) | forged)
    assert (answer.status_code, answer["Location"]) == (302, "/admin/articles/article/")
    after = stored(article)
    assert {name: text for name, text in after.items() if text != before[name]} == {f"summary_{language}": "Mine."}
    assert list(article.authors.values_list("name", flat=True)) == ["Mai Lan"]
    assert Citation.objects.filter(article=article).count() == 2
    edits = Edit.objects.filter(by=desk.dung).values_list("language", "fields")
    assert list(edits) == [(language, [f"summary_{language}"])]


def test_a_save_goes_back_to_where_it_was_made(article: Article, desk: Desk, enter: Enter) -> None:
    dung = enter(desk.dung)
    answer = post(dung, url(article), opened(dung, url(article)), _continue="1")
    assert (answer.status_code, answer["Location"]) == (302, url(article))


def test_two_who_write_the_same_language_lose_nothing_of_either(article: Article, desk: Desk, enter: Enter) -> None:
    an, dung = enter(desk.an), enter(desk.dung)
    mine = changed(opened(an, url(article)), {"headline_en": "An", "summary_en": "An."})
    theirs = opened(dung, change_url(article))  # the other in the article's own form
    dung.post(change_url(article), changed(theirs, {"headline_en": "Dung", "body_en": "<p>Dung.</p>"}))

    with unchanged():
        refused = post(an, url(article), mine, _continue="1")
    assert refused.status_code == 409
    again = typed(refused)
    assert (again["headline_en"], again["summary_en"], again["body_en"]) == (["An"], ["An."], ["<p>Dung.</p>"])
    assert [legend.words for legend in page(refused).all("legend")] == ["Headline [en]"]
    post(an, url(article), changed(again, {"choice-headline_en": "mine"}), _continue="1")
    now = Article.objects.get(pk=article.pk)
    assert (now.headline_en, now.summary_en, now.body_en) == ("An", "An.", "<p>Dung.</p>")


def test_a_form_that_was_opened_on_one_screen_is_no_key_to_another(article: Article, desk: Desk, enter: Enter) -> None:
    """What the translator's form never showed, the whole form may not overwrite on its word."""
    an = enter(desk.an)
    token = opened(an, url(article))["opened"]
    whole = changed(opened(an, change_url(article)), {"opened": token, "headline_vi": "Lạ"})
    with unchanged():
        assert an.post(change_url(article), whole).status_code == 409


def test_what_the_browser_keeps_of_it_is_offered_on_no_other_form(article: Article, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    kept = {address: page(an.get(address)).one("section", id="drafts")["data-article"] for address in
            (change_url(article), url(article), url(article, "en", "vi"))}  # fmt: skip
    assert list(kept.values()) == [f"{article.pk}", f"{article.pk}-en", f"{article.pk}-vi"]


@pytest.mark.parametrize("person", ["binh", "chi"])
def test_who_may_write_nothing_reads_both(person: str, article: Article, desk: Desk, enter: Enter) -> None:
    found = shown(enter(getattr(desk, person)), url(article))
    assert sources(found)[0] == "Tiêu đề Alpha"
    assert not [each for each in found.all("input") if each["name"] in {*OPENED, "headline_en"}]
    assert not [each for each in found.all("button") if each["form"] == "article_form"]


@pytest.mark.parametrize(("source", "language"), [("vi", "vi"), ("xx", "en"), ("vi", "xx")])
def test_of_no_two_languages_there_is_no_screen(
    source: str, language: str, article: Article, desk: Desk, enter: Enter
) -> None:
    assert enter(desk.an).get(url(article, source, language)).status_code == 404


# --- the source --------------------------------------------------------------------------------------


def test_the_source_is_what_was_frozen_the_nearest_to_the_reader(article: Article, desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    edit(article, desk.an, headline_vi="Omega")
    assert sources(shown(an, url(article)))[0] == "Tiêu đề Alpha"  # never the working copy
    row = factories.in_review(Article.objects.get(pk=article.pk), "vi", desk=desk)
    assert sources(shown(an, url(article)))[0] == "Tiêu đề Alpha"
    factories.approve(row, desk=desk)
    assert sources(shown(an, url(article)))[0] == "Tiêu đề Alpha"
    workflow.correct(row, by=desk.chi, version=2, kind="update", note="News.")
    assert sources(shown(an, url(article)))[0] == "Omega"
    workflow.withdraw(Publication.objects.get(pk=row.pk), by=desk.chi, version=2, note="Gone.")
    found = shown(an, url(article))
    assert sources(found) == []
    assert "Omega" not in found.one("main" if found.all("main") else "body").text
    assert "there are no words to translate from" in found.one("body").text
    assert {f"{name}_en" for name in TRANSLATED} <= set(opened(an, url(article)))  # it can be written all the same


def test_before_anything_is_approved_it_is_what_is_in_review(desk: Desk, enter: Enter) -> None:
    article = factories.article(desk.an)
    assert sources(shown(enter(desk.an), url(article))) == []
    factories.in_review(article, "vi", desk=desk)
    edit(article, desk.an, headline_vi="Omega")
    assert sources(shown(enter(desk.an), url(article)))[0] == "Tiêu đề Alpha"


def test_words_of_others_are_never_html_on_the_page(article: Article, desk: Desk, enter: Enter) -> None:
    hostile = "<img src=x onerror=alert(1)>"
    correct(article, "vi", desk, headline_vi=hostile, body_vi="<p>&lt;img src=x onerror=alert(1)&gt;</p>")
    found = shown(enter(desk.dung), url(article))
    assert [each for each in found.all("img") if "onerror" in each.attributes] == []
    assert sources(found)[0] == hostile
    assert hostile in sources(found)


# --- what changed ------------------------------------------------------------------------------------


def changes(found: Page) -> list[str]:
    """The words at each link of the list of changes, that the link leads to."""
    nav = found.one("nav", **{"aria-label": "Changes in the source"})
    targets = [link["href"].removeprefix("#") for link in found.all("a") if nav in link.within]
    places = {each["id"]: each for each in found.elements if each["id"]}
    return [places[target].words for target in targets]


def test_what_changed_in_the_source_is_told_since_the_version_that_mine_was_made_from(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an = enter(desk.an)
    found = shown(an, url(article))
    assert found.all("nav", **{"aria-label": "Changes in the source"}) == []
    assert "all of it is to be translated" in found.one("body").text
    factories.published(article, "en", desk=desk)
    assert "No words changed." in shown(an, url(article)).one("body").text

    body = BODY_VI.replace("Thân bài.", "Thân bài mới.").replace("Mở đầu", "Mở đề") + "<p>Thêm.</p>"
    correct(article, "vi", desk, headline_vi="Tiêu đề Beta", body_vi=body)
    edit(article, desk.an, summary_en="Newer.", summary_vi="Omega.")  # dates and drafts say nothing
    found = shown(an, url(article))
    assert changes(found) == [
        "Vietnamese: headline Tiêu đề AlphaBeta Next change",
        "¶1 Mở đầuđề Alpha.[1] Next change",
        "¶3 Thân bài mới.[2] Next change",
        "¶4 Thêm. The last change: back to the list",
    ]  # fmt: skip
    assert [each.words for each in found.all("del")] == ["Alpha", "đầu"]
    links = [link["href"] for link in found.all("a") if link.words == "Next change"]
    assert links == ["#change-2", "#change-3", "#change-4"]

    submitted = opened(an, url(article))
    post(an, url(article), submitted, _submit="en")
    assert Version.objects.get(article=article, language="en", number=2).made_from == Version.objects.get(
        article=article, language="vi", number=2
    )
    assert "No words changed." in shown(an, url(article)).one("body").text


def test_what_was_made_from_mine_says_the_same_as_mine(article: Article, desk: Desk, enter: Enter) -> None:
    """The original was made from nothing; its translation was made from it."""
    an = enter(desk.an)
    factories.published(article, "en", desk=desk)
    found = shown(an, url(article, "en", "vi"))
    assert "No words changed." in found.one("body").text
    correct(article, "en", desk, headline_en="Headline Beta")
    assert changes(shown(an, url(article, "en", "vi"))) == [
        "English: headline Headline AlphaBeta The last change: back to the list"
    ]


# --- submitting --------------------------------------------------------------------------------------


def test_what_is_submitted_here_was_made_from_what_was_on_the_screen(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an = enter(desk.an)
    stale = changed(opened(an, url(article)), {"summary_en": "Typed."})
    newer = correct(article, "vi", desk, summary_vi="Mới.")
    answer = an.post(url(article), stale | {"_submit": ["en"]}, follow=True)
    reason = "The words that you translated from were replaced meanwhile. Look at what changed, then submit."
    assert f"Saved, but not submitted. {reason}" in page(answer).one("body").text
    assert answer.redirect_chain == [(url(article), 302)]
    assert Article.objects.get(pk=article.pk).summary_en == "Typed."
    assert not Version.objects.filter(article=article, language="en").exists()

    answer = post(an, url(article), opened(an, url(article)), _submit="en")
    assert (answer.status_code, answer["Location"]) == (302, url(article))
    made = Version.objects.get(article=article, language="en")
    assert (made.summary, made.made_from) == ("Typed.", newer)


def test_words_in_review_are_what_it_was_made_from_if_they_were_on_the_screen(desk: Desk, enter: Enter) -> None:
    article, an = factories.article(desk.an), enter(desk.an)
    factories.in_review(article, "vi", desk=desk)
    post(an, url(article), opened(an, url(article)), _submit="en")
    made = Version.objects.get(article=article, language="en")
    assert made.made_from == Version.objects.get(article=article, language="vi")


@pytest.mark.parametrize("forged", ["", "x", "999999", "own", "other"])
def test_a_forged_version_is_no_source(forged: str, article: Article, desk: Desk, enter: Enter) -> None:
    other = factories.published(factories.article(desk.an, "Beta"), "vi", desk=desk)
    own = factories.published(article, "en", desk=desk)
    edit(article, desk.an, summary_en="Newer.")
    an = enter(desk.an)
    key = {"own": str(own.live_id), "other": str(other.live_id)}.get(forged, forged)
    form = opened(an, url(article)) | {"beside": [key]}
    with unchanged():
        post(an, url(article), form, _submit="en")


# --- how much is there -------------------------------------------------------------------------------


def table(found: Page) -> list[list[str]]:
    [whole] = [each for each in found.all("table") if each["class"] == "workings"]
    rows = [row for row in found.all("tr") if whole in row.within]
    cells = [cell for cell in found.elements if cell.tag in {"th", "td"}]
    return [[cell.words for cell in cells if row in cell.within] for row in rows[1:]]


def test_each_field_says_whether_it_is_there_and_how_many_words_both_have(
    article: Article, desk: Desk, enter: Enter
) -> None:
    edit(article, desk.an, headline_en="", body_en="<p>Opening <strong>Al</strong>pha.</p>", claim_en="It is so.")
    found = shown(enter(desk.an), url(article))
    assert table(found) == [
        ["Headline", "missing", "3", "0"],
        ["Summary", "✓ there", "3", "2"],
        ["Text", "✓ there", "7", "2"],
        ["Address", "✓ there", "–", "–"],
        ["Claim", "may be empty", "0", "3"],  # it is the headline there
        ["Translator", "may be empty", "–", "–"],
        ["In all", "incomplete", "13", "7"],
    ]
    edit(article, desk.an, headline_en="One")
    assert table(shown(enter(desk.an), url(article)))[-1] == ["In all", "✓ complete", "13", "8"]
    article.refresh_from_db()
    article.set_authors([], by=desk.an)
    found = shown(enter(desk.an), url(article))
    assert table(found)[-1][1] == "incomplete"
    assert "Missing of what the languages share: author" in warned(found)


def test_marks_that_the_translation_lacks_or_has_of_nothing_are_told(
    article: Article, desk: Desk, enter: Enter
) -> None:
    an = enter(desk.an)
    one, two = article.citations.all()
    edit(article, desk.an, body_en=f'<p>Opening.<sup data-cite="{two.key}"></sup></p><h2>Part</h2><p>Body.</p>')
    found = shown(an, url(article))
    assert warned(found) == [
        "Citation marks of the source that your text lacks: [1]",
        "Marks that are missing here: [1]",
        "Marks that are missing here: [2]",  # it is in another paragraph
    ]
    one.delete(by=desk.an)
    found = shown(an, url(article))  # what was [2] is [1] now
    assert warned(found) == [
        "Citations of the source that the article has no more: [1]",
        "Marks that are missing here: [1]",
    ]
    assert [each.words for each in found.all("li") if "data-key" in each.attributes] == [
        "[1] Document 2 · [2] in the source’s version"
    ]
    edit(article, desk.an, body_en='<p>Opening.<sup data-cite="77"></sup></p>')
    assert warned(shown(an, url(article))) == [
        "Marks in your text whose citation is gone: [77]",
        "Citations of the source that the article has no more: [1]",
        "Not translated yet.",
        "Not translated yet.",
    ]


def test_the_paragraphs_stand_side_by_side(article: Article, desk: Desk, enter: Enter) -> None:
    edit(article, desk.an, body_en="<p>Opening.</p><h2>Part</h2>")
    found = shown(enter(desk.an), url(article))
    [whole] = [each for each in found.all("ol") if each["class"] == "desk-pairs"]
    assert [each.words for each in found.all("li") if whole in each.within] == [
        "¶1 Mở đầu Alpha.[1] ¶1 Opening. Marks that are missing here: [1]",
        "¶2 Phần Alpha ¶2 Part",
        "¶3 Thân bài.[2] Not translated yet.",
    ]


def test_a_working_copy_that_cannot_be_read_can_still_be_written(article: Article, desk: Desk, enter: Enter) -> None:
    Citation._base_manager.filter(article=article, position=1).update(url="javascript:alert(1)")
    response = enter(desk.an).get(url(article))
    assert response.status_code == 200
    assert len(page(response).said("desk-refused")) == 1
    assert {f"{name}_en" for name in TRANSLATED} <= set(typed(response))


# --- the ways to it ----------------------------------------------------------------------------------


def ways(enter: Enter, person: User, address: str) -> list[str]:
    return [
        link["href"] for link in page(enter(person).get(address)).all("a") if link.words.startswith("Write it beside ")
    ]


def test_the_ways_to_it_are_on_the_form_on_the_notice_and_in_the_lists(
    article: Article, desk: Desk, enter: Enter
) -> None:
    lists = "/admin/articles/publication/lists/"
    assert ways(enter, desk.an, change_url(article)) == [url(article)]
    assert ways(enter, desk.an, f"{lists}languages/") == [url(article)]
    factories.published(article, "en", desk=desk)
    assert sorted(ways(enter, desk.an, change_url(article))) == sorted([url(article), url(article, "en", "vi")])
    correct(article, "vi", desk, summary_vi="Mới.")
    for name in ("outdated", "translate"):
        assert ways(enter, desk.an, f"{lists}{name}/") == [url(article)]
        assert ways(enter, desk.binh, f"{lists}{name}/") == []  # writes nothing


def test_it_asks_as_much_of_thirty_of_everything_as_of_one(article: Article, desk: Desk, enter: Enter) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as queries, reads_only():
            assert an.get(url(article)).status_code == 200
        return len(queries)

    factories.published(article, "en", desk=desk)
    an = enter(desk.an)
    one = asked()
    for number in range(28):
        factories.cite(article, desk.an, factories.source(f"s{number}"))
    body = "".join(f"<p>Đoạn {number}.</p>" for number in range(30))
    correct(article, "vi", desk, body_vi=body)
    edit(article, desk.an, body_en=body)
    assert asked() == one
