"""The history of an article for readers: what it tells, what it never does, and each version at its own address."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from articles import cleaning, digest, history, remarks, workflow
from articles.models import Article, Publication, ReviewStatus, Version
from articles.refusing import publication_of
from sources.models import SourceOutcome
from tests import factories
from tests.articles import stranger
from tests.articles.afterwards import assessed_again, corrected, submitted_again, withdrawn
from tests.articles.steps import edit
from tests.articles.test_views import (
    HOST,
    HOSTILE,
    LANGUAGES,
    Page,
    apart,
    day,
    hold_to_the_templates,
    made_anew,
    moment,
    public_paths,
    queries_of,
    read,
    tables,
)
from tests.factories import Desk

pytestmark = pytest.mark.django_db

EN, VI = "/en/articles/headline-alpha/history/", "/vi/articles/tieu-de-alpha/history/"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def article(desk: Desk) -> Article:
    """Live in English; its reviewer has a public name."""
    factories.author("Binh Tran", user=desk.binh)
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    factories.published(row, desk=desk)
    return row


def published(number: int, language: str = "en") -> ReviewStatus:
    return ReviewStatus.objects.get(status="published", version__number=number, version__language=language)


def fails(article: Article, desk: Desk) -> None:
    """Its source's record gets worse."""
    for citation in article.citations.all():
        SourceOutcome.objects.create(source=citation.source, held=False, reason="It fell.", by=desk.chi)


def differences(page: Page) -> list[tuple[str, str]]:
    """Every inserted and deleted piece, in order."""
    found, last = [], None
    for place, text in page.text:
        mark = next((mark for mark in ("ins", "del") if mark in place), None)
        if mark and text.strip("\x00"):
            if last == mark:
                found[-1] = (mark, found[-1][1] + text)
            else:
                found.append((mark, text))
        last = mark
    return found


# --- the list ----------------------------------------------------------------------------------------


def test_every_change_is_told_newest_first_with_kind_note_reviewer_confidence_and_words(
    article: Article, desk: Desk, client: Client
) -> None:
    fails(article, desk)
    again = assessed_again(article, desk=desk, note="Its record has changed.")
    fixed = corrected(article, desk=desk, note="Seven, not eleven.", body="<p>Opening Alpha.</p><p>Seven.</p>")
    first = published(1)
    page = read(client, EN)
    reviewed = f"Reviewed by Binh Tran, {day(fixed.at)}"
    assert page.said("main") == [
        "← Back to the story",
        "Every change to this story",
        "Headline Alpha",
        f"Version 2 · {moment(fixed.at, 'en')}",
        "Correction. Seven, not eleven.",
        reviewed,
        "Confidence as before: 55%, likely to hold",
        "Text",
        "Opening Alpha.",
        "Section Alpha",
        "BodySeven.",
        f"Version 1 · {moment(again.at, 'en')}",
        "Confidence assessed again, the words unchanged. Its record has changed.",
        reviewed,
        "Confidence: 58%, likely to hold → 55%, likely to hold",
        f"Version 1 · {moment(first.at, 'en')}",
        "First publication.",
        reviewed,
        "Confidence: 58%, likely to hold",
    ]
    assert differences(page) == [("del", "Section Alpha"), ("del", "Body"), ("ins", "Seven")]
    assert [attrs["href"] for tag, attrs in page.within(".history") if tag == "a"] == [f"{EN}2/", f"{EN}1/", f"{EN}1/"]
    assert page.said("title") == ["Every change to this story: Headline Alpha · Newsroom"]
    assert page.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    assert page.all("link", rel="canonical") == [{"rel": "canonical", "href": HOST + EN}]
    assert page.editions == [("en", HOST + EN), ("x-default", HOST + EN)]
    hold_to_the_templates(page)


def test_headline_summary_and_citations_are_compared_too(article: Article, desk: Desk, client: Client) -> None:
    factories.cite(Article.objects.get(pk=article.pk), desk.an, factories.source("paper", tier=2), quote="So it is.")
    corrected(article, desk=desk, kind="update", note="More is known.", headline="Headline Beta", summary="Other.")
    page = read(client, EN)
    assert page.said("dt")[:3] == ["Headline", "Summary", "Citations"]  # the claim is the headline
    assert "[2] added" in page.said(".what-changed")
    assert {("del", "Alpha"), ("ins", "Beta"), ("ins", "So it is.")} <= set(differences(page))


def test_corrections_of_spelling_are_told_together_and_open_without_script(
    article: Article, desk: Desk, client: Client
) -> None:
    for number in range(3):
        corrected(article, desk=desk, kind="typo", note=f"A letter, {number}.")
    corrected(article, desk=desk, note="Seven.")
    corrected(article, desk=desk, kind="typo", note="The last.")
    page = read(client, EN)
    assert page.said("summary") == ["1 correction of spelling", "3 corrections of spelling"]
    notes = [line for line in page.said("details") if line.startswith("Typo.")]
    assert notes == ["Typo. The last.", "Typo. A letter, 2.", "Typo. A letter, 1.", "Typo. A letter, 0."]
    assert page.all("details") == [{}, {}]  # closed


def test_a_self_review_and_a_reviewer_without_a_public_name_are_said(desk: Desk, client: Client, settings: Any) -> None:
    settings.NEWSROOM_SOLO_DESK = True
    row = factories.article(desk.dung)
    workflow.submit(row, "en", by=desk.dung)
    publication = Publication.objects.get()
    workflow.approve(publication, by=desk.dung, seen=factories.seen(publication), note="Why it may be.")
    workflow.publish(publication, by=desk.chi, version=1)
    corrected(row, desk=desk, note="Seven.")
    reviews = [line for line in read(client, EN).said(".revision") if "eviewed" in line]
    assert [line.rpartition(",")[0] for line in reviews] == [
        "Reviewed by a reviewer of this desk",
        "Self-reviewed by a reviewer of this desk",
    ]


def test_without_a_number_that_is_said(desk: Desk, client: Client) -> None:
    row = factories.article(desk.an, kind="opinion")
    factories.published(row, desk=desk)
    assert "Confidence: no number for this kind of article" in read(client, EN).said(".revision")
    other = factories.article(desk.an, "Beta")
    factories.published(other, desk=desk)
    assert "Confidence: Unsourced" in read(client, "/en/articles/headline-beta/history/").said(".revision")


def test_a_language_has_its_own_history_and_a_missing_one_the_others_under_a_notice(
    article: Article, desk: Desk, client: Client
) -> None:
    corrected(article, desk=desk, note="Seven.")
    foreign = read(client, EN.replace("/en/", "/vi/"))
    assert foreign.all("html") == [{"lang": "vi"}]
    assert {attrs["lang"] for tag, attrs in foreign.within("main") if "lang" in attrs} == {"en"}
    assert [attrs["href"] for tag, attrs in foreign.within(".history") if tag == "a"] == [f"{EN}2/", f"{EN}1/"]
    assert foreign.all("link", rel="canonical") == [{"rel": "canonical", "href": HOST + EN}]
    version = client.get(EN.replace("/en/", "/vi/") + "2/")
    assert (version.status_code, version["Location"]) == (302, f"{EN}2/")
    factories.published(Article.objects.get(pk=article.pk), "vi", desk=desk)
    moved = client.get(EN.replace("/en/", "/vi/"))
    assert (moved.status_code, moved["Location"]) == (301, VI)
    both = [("vi", HOST + VI), ("en", HOST + EN), ("x-default", HOST + EN)]
    assert (read(client, VI).editions, read(client, EN).editions) == (both, both)
    assert len(read(client, VI).within(".history")) < len(read(client, EN).within(".history"))


def test_an_old_address_moves_with_its_versions(article: Article, desk: Desk, client: Client) -> None:
    corrected(article, desk=desk, note="Renamed.", slug="renamed")
    for path in ("", "1/", "2/", "1/record.json"):
        response = client.get(EN + path)
        assert (response.status_code, response["Location"]) == (301, f"/en/articles/renamed/history/{path}")
    assert client.get(f"{EN}3/").status_code == 404


# --- one version -------------------------------------------------------------------------------------


def test_a_version_is_shown_as_it_was_published_with_when_it_was_live_and_how_to_cite_it(
    article: Article, desk: Desk, client: Client
) -> None:
    first = published(1)
    fails(article, desk)
    assessed_again(article, desk=desk, note="Its record has changed.")
    fixed = corrected(article, desk=desk, note="Seven, not eleven.", headline="Headline Beta", body="<p>Seven.</p>")
    version = Version.objects.get(number=1)
    page = read(client, f"{EN}1/")
    assert page.said(".notice")[:3] == [
        "This is version 1 of 2, as it was published. "
        f"It was live from {moment(first.at, 'en')} until {moment(fixed.at, 'en')}.",
        "Read the current version",
        "What changed in this version · How to cite this version · See every change to this story",
    ]
    assert page.said("h1") == ["Headline Alpha"]
    assert page.said(".words") == ["Opening Alpha.", "Section Alpha", "Body."]
    assert page.said(".facts")[3] == "58% confidence"  # as approved: what was found later is told in the history
    assert "Its record has changed." not in " ".join(page.said("main"))
    assert page.said(".byline") == [f"By Mai Lan · Published {moment(first.at, 'en')}"]
    assert page.said(".revision")[0] == "First publication."
    assert ("Corrections" in page.said("dt"), "History" in page.said("dt")) == (False, True)  # it was corrected since
    assert page.said(".citing")[1] == (
        f"Headline Alpha. Newsroom, version 1, {day(first.at)}. {HOST}{EN}1/. SHA-256 {version.digest}"
    )
    assert page.said("title") == ["Headline Alpha (version 1) · Newsroom"]
    assert page.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    assert page.all("link", rel="canonical") == [{"rel": "canonical", "href": f"{HOST}{EN}1/"}]
    assert page.editions == []
    hold_to_the_templates(page)

    now = read(client, f"{EN}2/")
    assert now.said(".notice")[0] == (
        "This is version 2 of 2, the current one, as it was published. "
        f"It has been live since {moment(fixed.at, 'en')}."
    )
    assert now.said("h1") == ["Headline Beta"]
    assert now.said(".byline")[0].endswith(f"Updated {moment(fixed.at, 'en')}")
    assert now.said(".correction-notices")[0].endswith("Seven, not eleven.")
    assert ("del", "Alpha") in differences(now)
    assert ("ins", "Beta") in differences(now)


def test_only_versions_that_were_public_have_an_address(article: Article, desk: Desk, client: Client) -> None:
    live = publication_of(article, "en")
    edit(article, desk.an, headline_en="Headline Gemini")
    workflow.submit(Article.objects.get(pk=article.pk), "en", by=desk.an)
    workflow.request_changes(live, by=desk.binh, version=2, note="No.")
    corrected(article, desk=desk, note="Seven.", headline="Headline Beta", slug="headline-alpha")
    submitted_again(article, desk=desk, headline="Headline Octans", slug="headline-alpha")
    unknown = client.get(f"{EN}99/")
    for number in ("0", "2", "4", "99", "9" * 40):
        response = client.get(f"{EN}{number}/")
        assert (response.status_code, response.content) == (404, unknown.content), number
        assert dict(response.headers) == dict(unknown.headers)
        assert client.get(f"{EN}{number}/record.json").status_code == 404
    assert [client.get(f"{EN}{number}/").status_code for number in (1, 3)] == [200, 200]
    said = client.get(EN).content.decode() + client.get(f"{EN}3/").content.decode()
    assert ("Gemini" in said, "Octans" in said) == (False, False)


def test_a_stranger_can_check_each_version(article: Article, desk: Desk, client: Client) -> None:
    corrected(article, desk=desk, note="Seven.")
    for number in (1, 2):
        page = read(client, f"{EN}{number}/")
        [address] = [
            attrs["href"] for _tag, attrs in page.within(".published-record") if "json" in (attrs.get("href") or "")
        ]
        assert address == f"{EN}{number}/record.json"
        response = client.get(str(address))
        found = json.loads(response.content)
        assert digest.canonical(found) == response.content
        assert (found["version"], bool(found["live"]["until"])) == (number, number == 1)
        checked = stranger.check(response.content)
        assert (checked["digest"], checked["percent"]) == (Version.objects.get(number=number).digest, 58)
        assert client.get(str(address), headers={"if-none-match": response["ETag"]}).status_code == 304


# --- withdrawn ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_of_a_withdrawn_article_number_dates_reviewer_digest_and_reason_stay(
    article: Article, desk: Desk, client: Client, language: str
) -> None:
    first = published(1)
    fixed = corrected(article, desk=desk, note="It said Unspeakable.", headline="Headline Unspeakable", slug="second")
    gone = withdrawn(article, desk=desk, note="Never counted.")
    path = EN.replace("/en/", f"/{language}/")
    response = client.get(path)
    assert (response.status_code, response["Cache-Control"]) == (410, "public, max-age=0, must-revalidate")
    page = Page(response)
    digests = dict(Version.objects.values_list("number", "digest"))
    if language == "en":
        reviewed = f"Reviewed by Binh Tran, {day(fixed.at)}"
        shown_nowhere = "These words were withdrawn. They are shown nowhere on this site any more."
        assert page.said("main") == [
            "← Why it was withdrawn",
            "History of a withdrawn article",
            "Its words are shown nowhere on this site any more. That it was published, and when and why it was "
            "withdrawn, stays in our record.",
            f"Version 2 · {moment(gone.at, 'en')}", "Withdrawn. Never counted.",
            f"Version 2 · {moment(fixed.at, 'en')}", "Correction.", reviewed, f"SHA-256 {digests[2]}", shown_nowhere,
            f"Version 1 · {moment(first.at, 'en')}", "First publication.", reviewed, f"SHA-256 {digests[1]}",
            shown_nowhere,
        ]  # fmt: skip
    for each in (path, *(f"{path}{number}/{what}" for number in (1, 2) for what in ("", "record.json"))):
        answer = client.get(each)
        assert answer.status_code == 410
        html = answer.content.decode().lower()
        assert [
            word for word in ("alpha", "unspeakable", "second/") if word in html.replace("headline-alpha", "")
        ] == []
        assert "never counted." in html
    assert client.get(f"{path}3/").status_code == 404
    head = client.head(path)
    assert (head.status_code, head.content, dict(head.headers)) == (410, b"", dict(response.headers))


def test_published_again_the_words_from_before_stay_gone(article: Article, desk: Desk, client: Client) -> None:
    corrected(article, desk=desk, note="It said Unspeakable.", headline="Headline Unspeakable", slug="headline-alpha")
    fails(article, desk)
    assessed_again(article, desk=desk, note="Unspeakable is less likely.")
    withdrawn(article, desk=desk, note="Never counted.")
    corrected(
        article, desk=desk, note="Counted now.", headline="Headline Rigel", slug="headline-alpha", body="<p>A.</p>"
    )
    corrected(article, desk=desk, note="Counted twice.", body="<p>B.</p>")
    page, html = read(client, EN), client.get(EN).content.decode()
    assert ("Unspeakable" in html, "Headline Alpha" in html) == (False, False)
    kinds = ("Correction", "Published", "Withdrawn", "Confidence assessed", "First")
    assert [line for line in page.said(".revision") if line.startswith(kinds)] == [
        "Correction. Counted twice.",
        "Published again after the withdrawal. Correction. Counted now.",
        "Withdrawn. Never counted.",
        "Confidence assessed again, the words unchanged.",
        "Correction.",
        "First publication.",
    ]
    assert "What was live before was withdrawn, so no comparison is shown." in page.said(".revision")
    assert differences(page) == [("del", "A"), ("ins", "B")]
    assert [attrs["href"] for tag, attrs in page.within(".history") if tag == "a"] == [f"{EN}4/", f"{EN}3/"]
    assert [client.get(f"{EN}{number}/").status_code for number in (1, 2, 3, 4)] == [410, 410, 200, 200]
    assert [note.rpartition(": ")[2] for note in read(client, f"{EN}3/").said(".correction-notices")] == [
        "Counted now.", "Never counted.", "See every change to this story",
    ]  # fmt: skip
    again = read(client, f"{EN}4/")
    assert "Unspeakable" not in client.get(f"{EN}4/").content.decode()
    assert [note.rpartition(": ")[2] for note in again.said(".correction-notices")] == [
        "Counted twice.", "Counted now.", "Never counted.", "See every change to this story",
    ]  # fmt: skip


# --- what is never told ------------------------------------------------------------------------------


def test_no_note_of_the_desk_and_no_account_is_in_any_history(desk: Desk, client: Client) -> None:
    people = {
        name: factories.user(f"{name}-account", group, first_name=f"{name}-first")
        for name, group in (("writer", "Editors"), ("reviewer", "Reviewers"), ("publisher", "Publishers"))
    }
    row = factories.article(people["writer"])
    factories.cite(row, people["writer"])
    for number in (1, 2, 3, 4, 5):
        edit(row, people["writer"], summary_en=f"Summary {number}.")
        workflow.submit(Article.objects.get(pk=row.pk), "en", by=people["writer"])
        publication = Publication.objects.get()
        if number == 1:
            workflow.recall(publication, by=people["writer"], version=1, note="Secret recall.")
            continue
        remark = remarks.write(publication, by=people["reviewer"], version=number, paragraph=1, text="Secret remark.")
        remarks.answer(remark, by=people["reviewer"], text="Secret answer.", resolves=True)
        if number == 2:
            workflow.request_changes(publication, by=people["reviewer"], version=2, note="Secret request.")
            continue
        workflow.approve(publication, by=people["reviewer"], seen=factories.seen(publication), note="A public note.")
        if number == 3:
            workflow.take_back(publication, by=people["reviewer"], version=3, note="Secret taking back.")
            workflow.recall(publication_of(row, "en"), by=people["writer"], version=3)
        elif number == 4:
            workflow.publish(publication, by=people["publisher"], version=4)
        else:
            workflow.correct(publication, by=people["publisher"], version=5, kind="update", note="Told.")
    paths = [path for path in public_paths() if "/history/" in path]
    answers = {path: client.get(path) for path in paths}
    assert sum(answer.status_code == 200 for answer in answers.values()) == 6  # both lists, two versions, two records
    for path, answer in answers.items():
        html = answer.content.decode().lower()
        assert [word for word in ("secret", "-account", "-first") if word in html] == [], path


def test_a_history_is_not_there_before_there_is_one(desk: Desk, client: Client) -> None:
    row = factories.article(desk.an)
    factories.approved(row, desk=desk)
    for code in LANGUAGES:
        for path in ("", "1/", "1/record.json"):
            assert client.get(f"/{code}/articles/headline-alpha/history/{path}").status_code == 404


@pytest.mark.parametrize("text", HOSTILE)
def test_compared_words_are_words_alone(desk: Desk, client: Client, text: str) -> None:
    row = factories.article(desk.an, "Alpha", slug_en="story")
    factories.cite(row, desk.an, title=text, quote=text)
    factories.published(row, desk=desk)
    words = {"headline": text, "summary": text, "body": f"<p>Start.</p><p>{text}</p>", "slug": "story"}
    corrected(row, desk=desk, note=text, **words)
    corrected(row, desk=desk, note=text, headline="Gone", body="<p>Gone.</p>", slug="story")
    for path in ("", "2/", "3/"):
        page = read(client, f"/en/articles/story/history/{path}")
        hold_to_the_templates(page)
        assert {tag for tag, _attrs in page.within(".what-changed")} <= {
            "dt",
            "dd",
            "ins",
            "del",
            "br",
            "ul",
            "li",
            "span",
        }
    shown = " ".join(cleaning.line(text).split())
    assert shown in " ".join(" ".join(read(client, "/en/articles/story/history/").said(".what-changed")).split())


# --- what a page costs -------------------------------------------------------------------------------


def test_a_long_history_is_told_in_pages_that_cost_the_same(article: Article, desk: Desk, client: Client) -> None:
    assert (queries_of(client, EN), queries_of(client, f"{EN}1/"), queries_of(client, f"{EN}1/record.json")) == (
        3,
        3,
        3,
    )
    for number in range(2, 31):
        corrected(article, desk=desk, kind="clarification", note=f"Note {number}.")
    first = read(client, EN)
    [older] = [str(attrs["href"]) for attrs in first.all("a", rel="next")]
    second = read(client, older)
    notes = [
        int(line.removeprefix("Clarification. Note ").rstrip("."))
        for page in (first, second)
        for line in page.said(".revision")
        if line.startswith("Clarification.")
    ]
    assert notes == [*range(30, 1, -1)]
    assert len(first.all("h2")) == history.LENGTH
    assert (second.said(".revision")[0], second.said("main")[-2:]) == (
        "Clarification. Note 10.",
        ["Confidence: 58%, likely to hold", "Back to the newest"],
    )
    assert differences(second)[:2] == [("del", "9"), ("ins", "10")]  # against the version before, on this page or not
    paths = (EN, older, f"{EN}30/", f"{EN}17/", f"{EN}1/", f"{EN}17/record.json")
    assert [queries_of(client, path) for path in paths] == [3] * 6
    assert tables([sql for path in paths for sql in made_anew(client, path)]) == {
        "articles_publication", "articles_version", "articles_reviewstatus", "articles_correction",
    }  # fmt: skip
    last = read(client, f"{EN}?before=1")
    assert last.said("main")[-2:] == ["There is nothing older.", "Back to the newest"]
    for none in ("x", "-1", "9" * 19, "1.5"):
        assert client.get(f"{EN}?before={none}").status_code == 404


@pytest.mark.parametrize("path", [EN, f"{EN}1/", f"{EN}1/record.json", f"{EN}2/", f"{EN}9/"])
def test_head_is_get_without_the_words_and_a_copy_is_asked_for_anew(
    article: Article, desk: Desk, client: Client, signed_in: Any, path: str
) -> None:
    corrected(article, desk=desk, note="Seven.")
    get, head, theirs = client.get(path), client.head(path), signed_in(desk.binh).get(path)
    assert (head.status_code, head.content, dict(head.headers)) == (get.status_code, b"", dict(get.headers))
    assert (theirs.content, apart(theirs)) == (get.content, apart(get))
    assert get.cookies == {}
    if get.status_code == 200:
        assert get["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert client.get(path, headers={"if-none-match": get["ETag"]}).status_code == 304
        corrected(article, desk=desk, note="Eight.")
        assert (client.get(path, headers={"if-none-match": get["ETag"]}).status_code == 200) == (
            path in (EN, f"{EN}1/", f"{EN}2/")
        )
    assert client.post(path).status_code == 405
