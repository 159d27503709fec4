"""The history of an article as the desk reads it, and what it does with an old version."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from articles import previewing, workflow
from articles.admin.history import PAGE
from articles.models import Article, Edit, PreviewLink, Publication, Version
from articles.refusing import publication_of
from sources.models import SourceOutcome
from tests import factories
from tests.articles.admin.conftest import Enter, Page, page, reads_only, unchanged
from tests.articles.afterwards import assessed_again, corrected, withdrawn
from tests.articles.steps import edit
from tests.factories import Desk

START = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)


def history_url(article: Article) -> str:
    return reverse("admin:articles_article_history", args=[article.pk])


def url(name: str, version: Version) -> str:
    return reverse(f"admin:articles_version_{name}", args=[version.pk])


def sentences(shown: Page) -> list[str]:
    """What happened, with its notes, the newest first; without what can be done about it."""
    found = []
    for element in shown.elements:
        if element.tag == "p" and any("desk-history" in outer["class"] for outer in element.within):
            if "desk-links" in element["class"]:
                continue
            found.append(("— " if "desk-quiet" in element["class"] else "") + element.words)
    return found


@pytest.fixture
def article(desk: Desk) -> Article:
    """Written, reviewed, sent back, edited, approved, scheduled, off again, published, corrected, withdrawn; a minute
    between each.
    """
    clock = iter(START + timedelta(minutes=minute) for minute in range(100))

    def at(step: Any) -> Any:
        with time_machine.travel(next(clock), tick=False):
            return step()

    row = at(lambda: factories.article(desk.an))
    at(lambda: factories.cite(row, desk.an, title="Minutes of the council"))
    publication = at(lambda: factories.in_review(row, "vi", desk=desk))
    at(lambda: workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it."))
    at(lambda: workflow.verify(publication, by=desk.binh, version=1, number=1, checked="", withdrawn=True))
    at(lambda: workflow.request_changes(publication, by=desk.binh, version=1, note="Shorter, please."))
    at(lambda: edit(row, desk.an, summary_vi="Ngắn hơn.", headline_vi="Tiêu đề mới"))
    at(lambda: edit(row, desk.an, summary_vi="Ngắn."))
    at(lambda: edit(row, desk.dung, kind="analysis"))
    publication = at(lambda: factories.approved(Article.objects.get(pk=row.pk), "vi", desk=desk))
    due = START + timedelta(days=3)
    at(lambda: workflow.schedule(publication, by=desk.chi, version=2, due=due))
    at(lambda: workflow.unschedule(publication, by=desk.chi, version=2, note="Now rather."))
    at(lambda: workflow.publish(publication, by=desk.chi, version=2))
    at(lambda: corrected(row, "vi", desk=desk, kind="update", note="Cập nhật."))
    at(lambda: withdrawn(row, "vi", desk=desk, note="Sai."))
    return row


def when(minute: int) -> str:
    at = START + timedelta(minutes=minute, hours=7)
    return f"{at.day} {at:%B %Y, %H:%M}"


def test_it_reads_as_sentences_the_newest_first(article: Article, desk: Desk, enter: Enter) -> None:
    client = enter(desk.binh)
    with reads_only():
        shown = page(client.get(history_url(article)))
    assert shown.said("desk-title") == ["History of Headline Alpha"]
    assert sentences(shown) == [
        f"Chi withdrew version 3 of the Vietnamese text from the readers, {when(14)}",
        "— Sai.",
        f"Chi published version 3 of the Vietnamese text, {when(13)}",
        "— Told to readers as: update",
        "— Cập nhật.",
        f"Chi replaced version 2 of the Vietnamese text by a newer one, {when(13)}",
        f"Binh approved version 3 of the Vietnamese text, {when(13)}",
        "— Fine.",
        f"An submitted version 3 of the Vietnamese text for review, {when(13)}",
        f"An edited the Vietnamese text, {when(13)}",
        "— summary",
        f"Chi published version 2 of the Vietnamese text, {when(12)}",
        f"Chi took version 2 of the Vietnamese text off the schedule, {when(11)}",
        "— Now rather.",
        f"Chi scheduled version 2 of the Vietnamese text for 29 November 2026, 14:30, {when(10)}",
        f"Binh approved version 2 of the Vietnamese text, {when(9)}",
        "— Fine.",
        f"An submitted version 2 of the Vietnamese text for review, {when(9)}",
        f"Dung edited what the languages share, {when(8)}",
        "— kind",
        f"An edited the Vietnamese text, {when(7)}",
        "— headline and summary (saved 2 times)",
        f"Binh asked for changes to version 1 of the Vietnamese text, {when(5)}",
        "— Shorter, please.",
        f"Binh took back a verification of “Minutes of the council”, {when(4)}",
        f"Binh verified “Minutes of the council”, {when(3)}",
        "— Read it.",
        f"An submitted version 1 of the Vietnamese text for review, {when(2)}",
        f"An edited what the languages share, {when(1)}",
        "— category, kind, part that machines had, authors and citation 1 (saved 3 times)",
        f"An edited the English text, {when(0)}",
        "— headline, summary, text and address",
        f"An edited the Vietnamese text, {when(0)}",
        "— headline, summary, text and address",
    ]


def test_a_schedule_that_fails_is_told_with_its_error(article: Article, desk: Desk, enter: Enter) -> None:
    publication = factories.approved(Article.objects.get(pk=article.pk), "en", desk=desk)
    due = datetime.now(UTC) + timedelta(days=1)
    workflow.schedule(publication, by=desk.chi, version=1, due=due)
    first = sentences(page(enter(desk.binh).get(history_url(article))))[:2]
    assert first[0].startswith("Chi scheduled version 1 of the English text for ")
    assert first[1] == "— It is waiting."
    Publication.objects.get(pk=publication.pk)
    schedule = publication_of(article, "en").scheduled
    assert schedule is not None
    type(schedule).objects.filter(pk=schedule.pk).update(state="failed", attempts=2, last_error="<b>No disk</b>")
    assert sentences(page(enter(desk.binh).get(history_url(article))))[1] == (
        "— It did not go out, tried 2 times: <b>No disk</b>"
    )


def test_who_approved_their_own_work_and_who_assessed_it_again_is_told(desk: Desk, enter: Enter, settings: Any) -> None:
    settings.NEWSROOM_SOLO_DESK = True
    row = factories.article(desk.dung)
    factories.cite(row, desk.dung)
    workflow.submit(row, "en", by=desk.dung)
    publication = publication_of(row, "en")
    workflow.approve(publication, by=desk.dung, seen=factories.seen(publication), note="Mine.")
    workflow.publish(publication, by=desk.chi, version=1)
    for number in range(4):
        SourceOutcome.objects.create(source=factories.source(), held=False, reason=f"Fell {number}.", by=desk.chi)
    assessed_again(row, desk=desk, note="Its source fell.")
    told = " ".join(sentences(page(enter(desk.an).get(history_url(row)))))
    assert "Dung approved version 1 of the English text, their own work, " in told
    assert "Binh assessed the confidence in version 1 of the English text again, " in told


@pytest.mark.parametrize(("language", "name"), [("en", "English"), ("vi", "Vietnamese")])
def test_one_language_is_shown_with_what_all_share(
    article: Article, desk: Desk, enter: Enter, language: str, name: str
) -> None:
    factories.in_review(Article.objects.get(pk=article.pk), "en", desk=desk)
    other = {"English": "Vietnamese", "Vietnamese": "English"}[name]
    shown = page(enter(desk.binh).get(history_url(article), {"language": language}))
    told = sentences(shown)
    assert any(name in said for said in told)
    assert not any(f"the {other} text" in said for said in told)
    assert any("what the languages share" in said for said in told)
    [current] = [link.words for link in shown.all("a", **{"aria-current": "page"}) if "language=" in link["href"]]
    assert current == name


@pytest.mark.parametrize("query", [{"language": "xx"}, {"p": "x"}, {"p": "999"}, {"language": "' OR 1=1"}])
def test_a_query_that_was_made_up_shows_the_history(
    article: Article, desk: Desk, enter: Enter, query: dict[str, str]
) -> None:
    response = enter(desk.binh).get(history_url(article), query)
    assert response.status_code == 200
    assert sentences(page(response))


def test_it_costs_the_same_however_much_happened_and_comes_in_pages(desk: Desk, enter: Enter) -> None:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    factories.published(row, desk=desk)
    client = enter(desk.binh)
    client.get(history_url(row))

    def cost(**query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(history_url(row), query).status_code == 200
        return len(queries)

    few = cost()
    for number in range(30):
        corrected(row, desk=desk, note=f"Note {number}.")
    assert (cost(), cost(p="2"), few) == (few, few, few)
    pages = [page(client.get(history_url(row), {"p": str(number)})) for number in (1, 2, 3, 4)]
    told = [said for each in pages for said in sentences(each)]
    assert [said.split(",")[0] for said in told if "for review" in said] == [
        f"An submitted version {number} of the English text for review" for number in range(31, 0, -1)
    ]
    assert [link.words for link in pages[1].all("a") if link.words in {"Newer", "Older"}] == ["Newer", "Older"]
    assert len(sentences(pages[0])) >= PAGE


HOSTILE = ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ site_name }}{% x %} 100% %s %(name)s"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_words_alone(desk: Desk, enter: Enter, text: str) -> None:
    desk.an.last_name, desk.binh.last_name = text[:150], text[:150]
    desk.an.save()
    desk.binh.save()
    row = factories.article(desk.an, headline_en=text, body_en=f"<p>Body.</p><p>{text}</p>")
    factories.cite(row, desk.an, title=text, quote=text)
    publication = factories.in_review(row, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked=text)
    workflow.request_changes(publication, by=desk.binh, version=1, note=text)
    edit(row, desk.an, headline_en=f"New {text}")
    version = factories.in_review(Article.objects.get(pk=row.pk), desk=desk).in_review
    assert version is not None
    previewing.make(version, by=desk.binh, days=7)
    client = enter(desk.an)
    for address in (history_url(row), *(url(name, version) for name in ("changes", "start_again", "previews"))):
        shown = page(client.get(address))
        assert not [each for each in shown.elements if each["onerror"] or each["src"] == "x"], address
        assert not any("alert(1)" in each.text for each in shown.all("script")), address
    told = sentences(page(client.get(history_url(row))))
    assert f"— {text}" in told
    assert any(said.startswith(f"{text} verified “{text}”") for said in told)


@pytest.mark.parametrize("pk", ["0", "999", "x", "1/change"])
def test_the_history_of_nothing_is_not_found(article: Article, desk: Desk, enter: Enter, pk: str) -> None:
    response = enter(desk.binh).get(f"/admin/articles/article/{pk}/history/")
    assert response.status_code == 404


def test_the_form_leads_to_it(article: Article, desk: Desk, enter: Enter) -> None:
    shown = page(enter(desk.an).get(reverse("admin:articles_article_change", args=[article.pk])))
    assert history_url(article) in [link["href"] for link in shown.all("a")]


def marked(shown: Page, tag: str) -> list[str]:
    """The words that are inserted, or deleted."""
    return [word for each in shown.all(tag) for word in each.words.split()]


# --- what is done with an old version ----------------------------------------------------------------


def test_each_version_can_be_read_compared_handed_out_and_started_from(
    article: Article, desk: Desk, enter: Enter
) -> None:
    versions = list(article.versions.order_by("-number"))
    for who, offered in ((desk.an, True), (desk.binh, False)):
        links = [link["href"] for link in page(enter(who).get(history_url(article))).all("a")]
        names = ["reading", "changes", "previews", *["start_again"] * offered]
        wanted = [url(name, version) for version in versions for name in names]
        assert [link for link in links if "/admin/articles/version/" in link and link.count("/") > 4] == wanted
        client = enter(who)
        with reads_only():
            assert {client.get(link).status_code for link in wanted} == {200}


def test_a_version_is_compared_word_by_word_with_the_one_before(article: Article, desk: Desk, enter: Enter) -> None:
    first, second = article.versions.order_by("number")[:2]
    shown = page(enter(desk.binh).get(url("changes", second)))
    assert ("Ngắn" in marked(shown, "ins"), "Ngắn" in marked(shown, "del")) == (True, False)
    assert ("Tóm" in marked(shown, "ins"), "Tóm" in marked(shown, "del")) == (False, True)
    assert "from version 1 to version 2" in shown.one("body").words
    shown = page(enter(desk.binh).get(url("changes", first)))
    assert "This is the first version of this language: all of it is new." in shown.one("body").words


def test_starting_again_shows_what_changes_and_then_does_it(article: Article, desk: Desk, enter: Enter) -> None:
    first = article.versions.earliest("number")
    client, address = enter(desk.an), url("start_again", first)
    with unchanged():
        shown = page(client.get(address))
    assert ("Since" in marked(shown, "ins"), "Since" in marked(shown, "del")) == (False, True)
    assert ("Tóm" in marked(shown, "ins"), "Tóm" in marked(shown, "del")) == (True, False)
    form = shown.form(**{"class": "desk-decision"})
    response = client.post(address, form)
    assert (response.status_code, response["Location"]) == (
        302,
        reverse("admin:articles_article_change", args=[article.pk]),
    )
    assert Article.objects.get(pk=article.pk).summary_vi == "Tóm tắt Alpha."
    after = page(client.get(response["Location"])).one("body").words
    assert "The working copy has the words of version 1 again, Vietnamese. Nothing is submitted." in after


def test_a_stale_page_is_refused_with_a_sentence_and_shows_what_is_there_now(
    article: Article, desk: Desk, enter: Enter
) -> None:
    first = article.versions.earliest("number")
    client, address = enter(desk.an), url("start_again", first)
    form = page(client.get(address)).form(**{"class": "desk-decision"})
    edit(article, desk.dung, summary_vi="Của Dung.")
    with unchanged():
        response = client.post(address, form)
    assert response.status_code == 409
    shown = page(response)
    assert shown.one("div", role="alert").words == (
        "Somebody edited this article meanwhile. Look again, then go back to this version."
    )
    assert "Dung" in marked(shown, "del")
    again = shown.form(**{"class": "desk-decision"})
    assert again["seen"] == [str(Edit.objects.latest("pk").pk)]
    assert client.post(address, again).status_code == 302


@pytest.mark.parametrize("seen", ["", "x", "-1", "9" * 50, "1e3"])
def test_a_forged_number_changes_nothing(article: Article, desk: Desk, enter: Enter, seen: str) -> None:
    with unchanged():
        response = enter(desk.an).post(url("start_again", article.versions.earliest("number")), {"seen": seen})
    assert response.status_code == 409


def test_who_does_not_edit_is_refused_and_has_no_button(article: Article, desk: Desk, enter: Enter) -> None:
    first = article.versions.earliest("number")
    shown = page(enter(desk.binh).get(url("start_again", first)))
    form = shown.form(**{"class": "desk-decision"})
    assert ["disabled" in button.attributes for button in shown.all("button") if button.words.startswith("Start")] == [
        True
    ]
    with unchanged():
        response = enter(desk.binh).post(url("start_again", first), form)
    assert response.status_code == 409
    assert page(response).one("div", role="alert").words == "Only Editors may do this."


# --- preview links -----------------------------------------------------------------------------------


def test_a_link_is_made_listed_opened_and_revoked(article: Article, desk: Desk, enter: Enter) -> None:
    version = factories.in_review(Article.objects.get(pk=article.pk), "en", desk=desk).in_review
    assert version is not None
    client, address = enter(desk.binh), url("previews", version)
    with unchanged():
        form = page(client.get(address)).form(**{"class": "desk-decision"})
    assert form["days"] == ["7"]
    assert client.post(address, form).status_code == 302
    link = PreviewLink.objects.get()
    assert (link.version, link.by, link.expires - link.at > timedelta(days=6)) == (version, desk.binh, True)
    [shown] = [each["value"] for each in page(client.get(address)).all("input", readonly="")]
    assert shown == f"http://testserver{previewing.url(link)}"

    reader = Client()
    assert reader.get(shown).status_code == 200
    words = page(client.get(address)).one("body").words
    assert "Opened 1 time:" in words
    assert "Made by Binh" in words

    assert client.post(address, {"revoke": str(link.pk)}).status_code == 302
    assert reader.get(shown).status_code == 410
    after = page(client.get(address))
    assert "revoked by Binh" in after.one("body").words
    assert after.all("input", readonly="") == []


def test_a_link_is_revoked_only_beside_its_own_version(article: Article, desk: Desk, enter: Enter) -> None:
    factories.in_review(Article.objects.get(pk=article.pk), "en", desk=desk)
    other = Version.objects.get(language="en")
    link = previewing.make(other, by=desk.binh, days=7)
    with unchanged():
        response = enter(desk.binh).post(url("previews", article.versions.earliest("pk")), {"revoke": str(link.pk)})
    assert response.status_code == 404


@pytest.mark.parametrize("days", ["", "0", "-1", "366", "x"])
def test_how_long_is_one_of_three(article: Article, desk: Desk, enter: Enter, days: str) -> None:
    version = factories.in_review(Article.objects.get(pk=article.pk), "en", desk=desk).in_review
    assert version is not None
    with unchanged():
        response = enter(desk.binh).post(url("previews", version), {"days": days, "expires": "2099-01-01"})
    assert response.status_code == 409
    assert page(response).one("div", role="alert").words == "Choose how long the link is to work."


def test_withdrawn_words_are_handed_out_to_nobody(article: Article, desk: Desk, enter: Enter) -> None:
    for version in article.versions.filter(language="vi"):
        shown = page(enter(desk.binh).get(url("previews", version)))
        assert "served nowhere" in shown.one("body").words
        assert shown.all("select", id="days") == []
        with unchanged():
            response = enter(desk.binh).post(url("previews", version), {"days": "7"})
        assert response.status_code == 409


def test_the_list_costs_the_same_however_many_links_and_openings(desk: Desk, enter: Enter) -> None:
    version = factories.in_review(factories.article(desk.an), desk=desk).in_review
    assert version is not None
    client = enter(desk.binh)

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get(url("previews", version))
        return len(queries)

    previewing.opened(previewing.make(version, by=desk.binh, days=7))
    one = cost()
    for _each in range(30):
        link = previewing.make(version, by=desk.chi, days=1)
        previewing.revoke(link, by=desk.an)
        previewing.opened(link)
    assert cost() == one


def test_it_is_told_in_vietnamese_too(article: Article, desk: Desk, signed_in: Enter) -> None:
    client = signed_in(desk.binh)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "vi"
    with translation.override("vi"):
        response = client.get(history_url(article))
    assert response.status_code == 200
    assert page(response).one("html")["lang"] == "vi"
