"""What a reader is told of changes after publication: corrections, a number assessed again, a translation behind."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError
from django.test import Client
from django.utils.translation import ngettext, override

from articles import refusing, workflow
from articles.kinds import SUBSTANCE, CorrectionKind
from articles.models import Article, Publication, ReviewStatus
from articles.refusing import Refused
from sources.models import SourceOutcome
from tests import factories
from tests.articles.afterwards import KINDS, assessed_again, corrected, submitted_again, withdrawn
from tests.articles.steps import edit
from tests.articles.test_views import EN, LANGUAGES, VI, day, moment, queries_of, read, say
from tests.factories import Desk

pytestmark = pytest.mark.django_db

PATH = {"vi": VI, "en": EN}
FIRST, SECOND = datetime(2026, 11, 22, 3, 0, tzinfo=UTC), datetime(2026, 11, 26, 3, 0, tzinfo=UTC)


@pytest.fixture
def article(desk: Desk) -> Article:
    """Live in both languages since 22 November; the English one made from the Vietnamese."""
    with time_machine.travel(FIRST, tick=False):
        row = factories.article(desk.an)
        factories.cite(row, desk.an)
        for language in LANGUAGES:
            factories.published(row, language, desk=desk)
    return row


# --- corrections -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_told_between_the_facts_and_the_text_with_its_kind_and_day(
    article: Article, desk: Desk, client: Client, kind: str, language: str
) -> None:
    with time_machine.travel(SECOND, tick=False):
        row = corrected(article, language, desk=desk, kind=kind, note="We wrote 12; it is 21.")
    page, publication = read(client, PATH[language]), Publication.objects.get(article=article, language=language)
    with override(language):
        word = str(CorrectionKind(kind).label)
        told = f"{word[0].upper()}{word[1:]}. {say('On %(on_day)s:', on_day=day(row.at))} We wrote 12; it is 21."
        assert page.said(".correction-notices") == [told, say("See every change to this story")]
    assert [attrs["href"] for tag, attrs in page.within(".correction-notices") if tag == "a"] == [
        f"{PATH[language]}history/"
    ]
    with override(language):
        everything = page.said("main")
        places = [everything.index(said) for said in (say("exactly these words"), told, page.said(".words")[0])]
        assert places == sorted(places)
        byline = f"{say('By %(names)s', names='Mai Lan')} · {say('Published')} {moment(FIRST, language)}"
        if kind in SUBSTANCE:
            byline += f" · {say('Updated')} {moment(SECOND, language)}"
        assert page.said(".byline") == [byline]
        record = page.said(".published-record")
        counted = ngettext("%(number)s, on %(last_day)s", "%(number)s, the last on %(last_day)s", 1)
        assert record[record.index(say("Corrections")) + 1] == counted % {"number": 1, "last_day": day(row.at)}
    assert publication.last_published == (SECOND if kind in SUBSTANCE else FIRST)


def test_three_changes_are_told_and_the_earlier_ones_counted_with_the_way_to_all(
    article: Article, desk: Desk, client: Client
) -> None:
    for number in range(1, 6):
        corrected(article, desk=desk, kind="typo", note=f"Note {number}.")
    page = read(client, EN)
    notes = [said.rpartition(": ")[2] for said in page.said(".correction-notices")]
    assert notes == ["Note 5.", "Note 4.", "Note 3.", "See every change to this story"]
    assert page.said(".correction-notices")[-1].startswith("and 2 earlier: ")
    record = page.said(".published-record")
    assert record[record.index("Corrections") + 1].startswith("5, the last on ")


def test_a_change_is_told_in_its_own_language_alone(article: Article, desk: Desk, client: Client) -> None:
    corrected(article, "vi", desk=desk, kind="typo", note="Sửa một chữ.")
    assert read(client, EN).said(".correction-notices") == []
    assert "Sửa một chữ." in read(client, VI).said(".correction-notices")[0]


def test_under_the_notice_of_a_missing_language_the_note_carries_its_own(desk: Desk, client: Client) -> None:
    row = factories.article(desk.an)
    factories.published(row, "vi", desk=desk)
    corrected(row, "vi", desk=desk, note="Đã sửa.")
    page = read(client, "/en/articles/tieu-de-alpha/")
    [notice, _all] = page.said(".correction-notices")
    assert notice.startswith("Correction. On ")
    assert [attrs for tag, attrs in page.within(".correction-notices") if tag == "span"] == [{"lang": "vi"}]
    own = read(client, VI)
    assert [attrs for tag, attrs in own.within(".correction-notices") if tag == "span"] == [{}]


@pytest.mark.parametrize("note", ["<script>alert(1)</script>", "</p></div><h1>x", "{{ site_name }} 100% %s"])
def test_a_note_is_words_alone(article: Article, desk: Desk, client: Client, note: str) -> None:
    corrected(article, desk=desk, note=note)
    page = read(client, EN)
    assert page.said(".correction-notices")[0].endswith(note)
    assert (page.all("script"), len(page.all("h1"))) == ([{"type": "application/ld+json"}], 1)  # data alone


@pytest.mark.parametrize("count", [1, 30])
def test_an_article_costs_two_queries_however_many_citations_and_corrections(
    desk: Desk, client: Client, count: int
) -> None:
    row = factories.article(desk.an)
    for number in range(count):
        factories.cite(row, desk.an, factories.source(f"s{number}"))
    for language in LANGUAGES:
        factories.published(row, language, desk=desk)
    for number in range(count):
        corrected(row, "en", desk=desk, note=f"Note {number}.")
        corrected(row, "vi", desk=desk, note=f"Ghi chú {number}.")
    assert (queries_of(client, EN), queries_of(client, VI)) == (2, 2)
    assert sum("Note" in said for said in read(client, EN).said(".correction-notices")) == min(count, 3)


# --- assessed again ----------------------------------------------------------------------------------


def test_a_number_assessed_again_is_told_and_the_review_stays_that_of_the_approval(
    article: Article, desk: Desk, client: Client
) -> None:
    factories.author("Binh Tran", user=desk.binh)
    before = read(client, EN)
    for number in range(4):
        SourceOutcome.objects.create(source=factories.source(), held=False, reason=f"Fell {number}.", by=desk.chi)
    with time_machine.travel(SECOND, tick=False):
        assessed_again(article, desk=desk, note="Its source was wrong four times.")
    page = read(client, EN)
    assert before.said("dt")[1] == "58% confidence"
    assert page.said("dt")[1] != "58% confidence"
    assert page.said("dt")[2:3] == before.said("dt")[2:3] == ["Reviewed"]
    assert page.said(".facts")[-3:] == before.said(".facts")[-3:]  # by whom, when, of which words
    told = "Confidence assessed again. On 26 November 2026, by Binh Tran: Its source was wrong four times."
    assert told in page.said(".notice")
    record = page.said(".published-record")
    assert record[record.index("Confidence assessed again") + 1] == "26 November 2026, 10:00 (UTC+7)"
    assert record[record.index("Approved") + 1] == "22 November 2026, 10:00 (UTC+7)"
    assert page.said(".byline") == before.said(".byline")  # not "Updated": the words are the same
    assert not any("assessed again" in said for said in before.said())


# --- a desk of one -----------------------------------------------------------------------------------


def own(desk: Desk) -> Publication:
    """Dung wrote it and may review."""
    row = factories.article(desk.dung)
    workflow.submit(row, "en", by=desk.dung)
    return refusing.publication_of(row, "en")


def test_without_the_setting_nobody_approves_their_own_work(desk: Desk) -> None:
    publication = own(desk)
    with override("en"), pytest.raises(Refused, match="You contributed to this version, so somebody else"):
        workflow.approve(publication, by=desk.dung, seen=factories.seen(publication), note="Mine.")
    assert list(ReviewStatus.objects.values_list("status", flat=True)) == ["submitted"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_desk_of_one_says_so_on_the_page_and_on_the_card(
    desk: Desk, client: Client, settings: Any, language: str
) -> None:
    settings.NEWSROOM_SOLO_DESK = True
    row = factories.article(desk.dung)
    workflow.submit(row, language, by=desk.dung)
    publication = refusing.publication_of(row, language)
    approval = workflow.approve(publication, by=desk.dung, seen=factories.seen(publication), note="Mine.")
    workflow.publish(publication, by=desk.chi, version=1)
    settings.NEWSROOM_SOLO_DESK = False  # a desk that grows does not grow out of what it said
    assert approval.self_review is True
    with override(language):
        page, home = read(client, PATH[language]), read(client, f"/{language}/")
        assert page.said("dt")[2] == say("Self-reviewed")
        assert home.said(".short-facts")[2] == say("Self-reviewed")
    assert [attrs["class"] for tag, attrs in page.within(".facts") if tag == "div"][2] == "warn"


def test_with_the_setting_who_did_not_write_it_reviews_as_ever(desk: Desk, client: Client, settings: Any) -> None:
    settings.NEWSROOM_SOLO_DESK = True
    factories.published(factories.article(desk.an), desk=desk)
    assert ReviewStatus.objects.get(status="approved").self_review is False
    assert read(client, EN).said("dt")[2] == "Reviewed"


def test_the_database_refuses_ones_own_approval_without_the_mark(desk: Desk, settings: Any) -> None:
    settings.NEWSROOM_SOLO_DESK = True
    publication = own(desk)
    version = publication.in_review
    assert version is not None
    with pytest.raises(IntegrityError, match="nobody approves what they contributed to"):
        ReviewStatus.objects.append(
            version,
            "approved",
            by=desk.dung,
            at=FIRST,
            confidence={"workings": {}, "citations": []},  # type: ignore[arg-type]
        )


# --- behind the other language -----------------------------------------------------------------------

SAYS = {
    "correction": "The Vietnamese version was corrected on 26 November 2026. This English version is from "
    "22 November 2026 and has not caught up yet. Read the Vietnamese version",
    "update": "The Vietnamese version was updated on 26 November 2026. This English version is from "
    "22 November 2026 and has not caught up yet. Read the Vietnamese version",
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_change_of_substance_is_told_first_in_the_other_language(
    article: Article, desk: Desk, client: Client, kind: str
) -> None:
    with time_machine.travel(SECOND, tick=False):
        corrected(article, "vi", desk=desk, kind=kind, note="Đã sửa.", slug="tieu-de-moi")
    page = read(client, EN)
    if kind not in SAYS:
        assert not any("version" in said for said in page.said(".notice"))
        return
    assert page.said("main")[0] == SAYS[kind]
    assert [attrs for tag, attrs in page.within(".notice") if tag == "a"] == [
        {"href": "/vi/articles/tieu-de-moi/", "hreflang": "vi"}
    ]
    assert [attrs["datetime"] for tag, attrs in page.within(".notice") if tag == "time"][:2] == [
        "2026-11-26T10:00:00+07:00",
        "2026-11-22T10:00:00+07:00",
    ]
    assert not any("not translated" in said for said in page.said())  # another matter
    corrected_one = read(client, "/vi/articles/tieu-de-moi/")
    assert corrected_one.said("main")[0].startswith("←")  # it is behind nothing


def test_the_original_too_is_behind_a_corrected_translation(article: Article, desk: Desk, client: Client) -> None:
    corrected(article, "en", desk=desk, note="Fixed.")
    with override("vi"):
        language = say("English")
        first = read(client, VI).said("main")[0]
        start = say(
            "The %(language)s version was corrected on %(changed_day)s. This %(own)s version is from %(own_day)s and "
            "has not caught up yet.",
            language=language, own=say("Vietnamese"), own_day=day(FIRST),
            changed_day=day(ReviewStatus.objects.latest("pk").at),
        )  # fmt: skip
        assert first == f"{start} {say('Read the %(language)s version', language=language)}"


def test_the_notice_goes_when_the_words_have_caught_up_and_only_then(
    article: Article, desk: Desk, client: Client
) -> None:
    corrected(article, "vi", desk=desk, note="Đã sửa.")
    assert "has not caught up yet" in read(client, EN).said("main")[0]
    submitted_again(article, "en", desk=desk, summary="Caught up.")
    assert "has not caught up yet" in read(client, EN).said("main")[0]  # approved is not live
    publication = refusing.publication_of(article, "en")
    assert publication.approved is not None
    workflow.correct(publication, by=desk.chi, version=publication.approved.number, kind="typo", note="As there.")
    assert read(client, EN).said("main")[0] == "← Back to home Technology · 1 min read"
    corrected(article, "vi", desk=desk, note="Lại sửa.")
    assert "has not caught up yet" in read(client, EN).said("main")[0]


def test_words_submitted_later_but_made_from_the_older_ones_are_behind(desk: Desk, client: Client) -> None:
    """The correction was in review already when the translation was made beside what was live."""
    row = factories.article(desk.an)
    factories.published(row, "vi", desk=desk)
    edit(row, desk.an, summary_vi="Đã sửa.")
    waiting = factories.in_review(Article.objects.get(pk=row.pk), "vi", desk=desk)
    factories.published(Article.objects.get(pk=row.pk), "en", desk=desk)
    factories.approve(waiting, desk=desk)
    assert read(client, EN).said("main")[0].startswith("←")
    workflow.correct(waiting, by=desk.chi, version=2, kind="correction", note="Đã sửa.")
    assert "has not caught up yet" in read(client, EN).said("main")[0]


def test_a_withdrawal_of_the_other_language_is_told_with_the_way_to_its_reason(
    article: Article, desk: Desk, client: Client
) -> None:
    corrected(article, "vi", desk=desk, note="Đã sửa.")
    with time_machine.travel(datetime(2026, 11, 27, 3, tzinfo=UTC), tick=False):
        withdrawn(article, "vi", desk=desk, note="Sai.")
    page = read(client, EN)
    assert page.said("main")[0] == (
        "The Vietnamese version was withdrawn on 27 November 2026. This English version is from 22 November 2026 and "
        "may still say what was withdrawn there. Why it was withdrawn"
    )
    [link] = [attrs for tag, attrs in page.within(".notice") if tag == "a"]
    assert link == {"href": "/vi/articles/headline-alpha/", "hreflang": "vi"}
    response = client.get(str(link["href"]))
    assert (response.status_code, "Sai." in response.content.decode()) == (410, True)
