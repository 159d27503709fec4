"""Preview links: one version, for a while, for whoever holds the link; and what is said when it is over."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import signing
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client
from django.utils.translation import override

from articles import previewing, workflow
from articles.models import Article, PreviewLink, PreviewOpening, Publication, Version
from articles.refusing import Refused
from tests import factories
from tests.articles.afterwards import corrected, withdrawn
from tests.articles.steps import edit
from tests.articles.test_views import LANGUAGES, WRITES, Page, asked, say
from tests.factories import Desk

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    return row


def in_review(article: Article, desk: Desk, language: str = "en") -> Version:
    version = factories.in_review(article, language, desk=desk).in_review
    assert version is not None
    return version


def link_to(version: Version, desk: Desk, days: int = 7) -> str:
    return previewing.url(previewing.make(version, by=desk.binh, days=days))


def held_to_its_promises(response: HttpResponse) -> Page:
    """Whatever it says: kept nowhere, found nowhere, told to nobody."""
    page = Page(response)
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert page.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    assert page.all("link", rel="canonical") == page.editions == []
    assert [attrs for attrs in page.all("meta") if "property" in attrs] == []
    assert response.cookies == {}
    return page


# --- what it shows -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_draft_is_shown_as_what_it_is(article: Article, desk: Desk, client: Client, language: str) -> None:
    version = in_review(article, desk, language)
    url = link_to(version, desk)
    assert url.startswith(f"/{language}/preview/")
    response = client.get(url)
    assert response.status_code == 200
    page = held_to_its_promises(response)
    assert page.all("html") == [{"lang": language}]
    with override(language):
        draft = "A draft that nobody has reviewed. It may be wrong, and it may change. Please do not pass it on."
        assert page.said("main")[0] == say(draft)
        assert page.said("dt")[2] == say("Not reviewed")
        assert page.said("title") == [f"{say('Preview')}: {version.headline}"]
    assert page.said("h1") == [version.headline]
    assert page.said(".words")
    assert [attrs["content"] for attrs in page.all("meta", name="description")] != [version.summary]


def test_what_is_approved_is_reviewed_but_not_published(article: Article, desk: Desk, client: Client) -> None:
    publication = factories.approved(article, desk=desk)
    version = publication.approved
    assert version is not None
    url = link_to(version, desk)
    page = held_to_its_promises(client.get(url))
    assert page.said("main")[0] == "Approved, but not published. Please do not pass it on."
    assert page.said("dt")[2] == "Reviewed"
    workflow.take_back(publication, by=desk.binh, version=1, note="Wait.")
    assert Page(client.get(url)).said("dt")[2] == "Not reviewed"


def test_what_was_published_is_not_the_published_page(article: Article, desk: Desk, client: Client) -> None:
    version = factories.published(article, desk=desk).live
    assert version is not None
    url = link_to(version, desk)
    corrected(article, desk=desk, note="Fixed.", headline="Headline Rigel")
    page = held_to_its_promises(client.get(url))
    assert page.said("main")[0] == "A preview of version 1. The published page may say something else by now."
    assert page.said("h1") == ["Headline Alpha"]


def test_it_is_of_one_version_whatever_the_desk_does_since(article: Article, desk: Desk, client: Client) -> None:
    url = link_to(in_review(article, desk), desk)
    before = Page(client.get(url)).said(".words")
    edit(article, desk.an, headline_en="Headline Rigel", body_en="<p>Rigel.</p>")
    workflow.recall(Publication.objects.get(language="en"), by=desk.an, version=1)
    workflow.submit(Article.objects.get(pk=article.pk), "en", by=desk.an)
    response = client.get(url)
    assert Page(response).said(".words") == before
    assert b"Rigel" not in response.content


# --- how long ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [1, 7, 30])
def test_it_works_to_its_last_moment_and_not_after(article: Article, desk: Desk, client: Client, days: int) -> None:
    with time_machine.travel(NOW, tick=False):
        url = link_to(in_review(article, desk), desk, days)
    with time_machine.travel(NOW + timedelta(days=days) - timedelta(seconds=1), tick=False):
        assert client.get(url).status_code == 200
    with time_machine.travel(NOW + timedelta(days=days), tick=False):
        response = client.get(url)
        assert response.status_code == 410
        page = held_to_its_promises(response)
        assert page.said("main") == [
            "No preview here",
            "This link was for a while only, and that is over. Ask whoever sent it to you for a new one.",
            "To the latest articles",
        ]
        assert b"Alpha" not in response.content
    assert PreviewOpening.objects.count() == 1


def test_revoked_it_is_closed_at_once_and_says_nothing_of_the_article(
    article: Article, desk: Desk, client: Client
) -> None:
    link = previewing.make(in_review(article, desk), by=desk.binh, days=7)
    url = previewing.url(link)
    assert client.get(url).status_code == 200
    with time_machine.travel(NOW, tick=False):
        previewing.revoke(link, by=desk.chi)
    response = client.get(url)
    assert response.status_code == 410
    assert held_to_its_promises(response).said("main")[1].startswith("The desk has closed this link.")
    assert b"Alpha" not in response.content
    previewing.revoke(link, by=desk.binh)  # a second time changes nothing
    link.refresh_from_db()
    assert (link.revoked_by, link.revoked_at) == (desk.chi, NOW)
    assert link.openings.count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_link_that_was_made_up_finds_nothing(article: Article, desk: Desk, client: Client, language: str) -> None:
    link = previewing.make(in_review(article, desk, language), by=desk.binh, days=7)
    url = previewing.url(link)
    head, _, token = url.rstrip("/").rpartition("/")
    key, _, signature = token.partition(":")
    other = {"vi": "en", "en": "vi"}[language]
    forged = [
        f"{head}/{key}/",
        f"{head}/{key}:/",
        f"{head}/{key}:{signature[:-1]}/",
        f"{head}/{key}:{'A' if signature[0] != 'A' else 'B'}{signature[1:]}/",
        f"{head}/{'0' * 32}:{signature}/",
        f"{head}/{signing.Signer(salt='articles.preview').sign('1')}/",  # well signed, of nothing
        f"{head}/{signing.Signer(salt='articles.preview').sign('0' * 32)}/",
        f"{head}/{signing.Signer().sign(link.key.hex)}/",  # signed for another purpose
        f"{head}/{link.pk}/",
        f"/{other}/preview/{token}/",  # the version is in the other language
        f"{head}/{'x' * 5000}/",
        f"{head}/%00%F0%9F%8E%89/",
    ]
    answers = set()
    for address in forged:
        response = client.get(address)
        assert response.status_code == 404, address
        page = held_to_its_promises(response)
        assert "alpha" not in response.content.decode().lower()
        answers.add(tuple(page.said("main")))
    assert len(answers) == 2  # one for each language: nothing tells a guess from a link that is gone
    assert PreviewOpening.objects.count() == 0


def test_no_link_brings_back_what_was_withdrawn(article: Article, desk: Desk, client: Client) -> None:
    first = factories.published(article, desk=desk).live
    assert first is not None
    url = link_to(first, desk)
    corrected(article, desk=desk, note="Fixed.", headline="Headline Rigel")
    withdrawn(article, desk=desk)
    response = client.get(url)
    assert response.status_code == 410
    assert held_to_its_promises(response).said("main")[1].startswith("The text that this link led to was withdrawn.")
    with override("en"), pytest.raises(Refused, match="These words were withdrawn"):
        previewing.make(first, by=desk.binh, days=7)
    edit(article, desk.an, headline_en="Headline Sirius")
    newer = factories.in_review(Article.objects.get(pk=article.pk), desk=desk).in_review
    assert newer is not None
    assert client.get(link_to(newer, desk)).status_code == 200  # a draft of what is to take its place
    vietnamese = factories.in_review(Article.objects.get(pk=article.pk), "vi", desk=desk).in_review
    assert vietnamese is not None
    assert client.get(link_to(vietnamese, desk)).status_code == 200


# --- the log, and who ------------------------------------------------------------------------------------


def test_each_opening_is_noted_and_nothing_else_is_written(article: Article, desk: Desk, client: Client) -> None:
    link = previewing.make(in_review(article, desk), by=desk.binh, days=7)
    with asked() as statements:
        client.get(previewing.url(link))
    written = [sql for sql in statements if WRITES.match(sql)]
    assert [re.match(r'INSERT INTO "(\w+)"', sql).group(1) for sql in written] == ["articles_previewopening"]  # type: ignore[union-attr]
    with asked() as statements:
        client.head(previewing.url(link))
    assert [sql for sql in statements if WRITES.match(sql)] == []
    client.get(previewing.url(link))
    assert link.openings.count() == 2


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_preview_is_only_read(article: Article, desk: Desk, client: Client, method: str) -> None:
    url = link_to(in_review(article, desk), desk)
    assert getattr(client, method)(url).status_code == 405
    assert PreviewOpening.objects.count() == 0


@pytest.mark.parametrize("days", [0, -1, 2, 365])
def test_how_long_is_chosen_from_what_is_offered(article: Article, desk: Desk, days: int) -> None:
    version = in_review(article, desk)
    with override("en"), pytest.raises(Refused, match="Choose how long the link is to work"):
        previewing.make(version, by=desk.binh, days=days)
    assert PreviewLink.objects.count() == 0


def test_who_may_not_see_versions_hands_none_out(article: Article, desk: Desk) -> None:
    version = in_review(article, desk)
    link = previewing.make(version, by=desk.binh, days=7)
    with override("en"):
        with pytest.raises(Refused, match="Only who may see versions"):
            previewing.make(version, by=desk.em, days=7)
        with pytest.raises(Refused, match="Only who may see versions"):
            previewing.revoke(link, by=desk.em)
    link.refresh_from_db()
    assert (PreviewLink.objects.count(), link.revoked_at) == (1, None)


def test_the_database_knows_who_revoked_it(article: Article, desk: Desk) -> None:
    link = previewing.make(in_review(article, desk), by=desk.binh, days=7)
    with pytest.raises(IntegrityError), transaction.atomic():
        PreviewLink.objects.filter(pk=link.pk).update(revoked_at=NOW)


def test_an_address_is_as_long_as_it_must_be_to_be_guessed_by_nobody(article: Article, desk: Desk) -> None:
    version = in_review(article, desk)
    one, other = link_to(version, desk), link_to(version, desk)
    assert one != other
    assert re.fullmatch(r"/en/preview/[0-9a-f]{32}:[A-Za-z0-9_-]{43}/", one)
