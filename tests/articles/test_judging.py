"""Verdicts: who gives them, of what, and what they do to the records of the sources and to nothing else."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import auditing, joining, workflow
from articles.assessing import assess, subject, subject_of
from articles.kinds import Occasion
from articles.models import Article, Correction, Publication, Verdict, Version
from articles.models.verification import content_hash
from sources.models import Source, SourceOutcome
from sources.standing import standings
from tests import factories
from tests.articles import afterwards
from tests.articles.steps import edit, ledger, refused, refused_by_the_database
from tests.factories import Desk, judge

pytestmark = pytest.mark.django_db

CHANGED = "Something changed while you were reading. Look again, then judge."
NEVER_PUBLIC = "This version was never public: there is nothing that could have stood."
OWN_WORK = "You contributed to this version, so somebody else has to judge whether it stood."


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def article(desk: Desk) -> Article:
    """One source supports, one contradicts, one is context."""
    row = factories.article(desk.an)
    factories.cite(row, desk.an, factories.source("report"))
    factories.cite(row, desk.an, factories.source("denial"), stance="contradicts")
    factories.cite(row, desk.an, factories.source("aside"), stance="context")
    return row


@pytest.fixture
def live(article: Article, desk: Desk) -> Publication:
    return factories.published(article, desk=desk)


def corrected(publication: Publication, desk: Desk, kind: str = "correction") -> Correction:
    return afterwards.corrected(publication.article, publication.language, desk=desk, kind=kind, note="No.").correction


def withdrawn(publication: Publication, desk: Desk) -> Correction:
    return afterwards.withdrawn(publication.article, publication.language, desk=desk).correction


Record = dict[str, tuple[float, float]]


def record() -> Record:
    """Of each source that has one, what held and what failed."""
    slugs = dict(Source.objects.values_list("pk", "slug"))
    found = {slugs[pk]: (each.held, each.failed) for pk, each in standings(slugs).items()}
    return {slug: each for slug, each in found.items() if any(each)}


def outcomes() -> list[tuple[Any, ...]]:
    return list(SourceOutcome.objects.order_by("pk").values_list("source__slug", "held", "weight", "subject"))


# --- what is kept ------------------------------------------------------------------------------------


def test_a_verdict_is_of_a_version_and_of_the_number_it_had(live: Publication, desk: Desk) -> None:
    version, before = live.live, ledger("pk", "hash")
    row = judge(live, by=desk.dung, held=False, citations={1: True, 2: False}, note=" They\x07 found\nmore. ")
    assert (row.version, row.approval, row.held, row.occasion, row.correction, row.audit) == (
        version, live.live_approval, False, Occasion.REVIEW, None, None,
    )  # fmt: skip
    row.refresh_from_db()
    assert (row.weight, row.note, row.by) == (Decimal(1), "They found\nmore.", desk.dung)
    assert row.citations == {"1": True, "2": False, "3": None}
    now = Publication.objects.get(pk=live.pk)
    assert (now.state, now.live, now.live_approval, now.stamp) == ("live", version, live.live_approval, live.stamp)
    assert ledger("pk", "hash") == before


def test_it_judges_the_number_of_the_last_assessment(live: Publication, desk: Desk) -> None:
    workflow.verify(live, by=desk.binh, version=1, number=1, checked="Read it.")
    seen = factories.screen_hash(live.live, assess(live.live))
    again = workflow.reassess(live, by=desk.binh, seen=seen, note="We checked it.")
    assert judge(live, by=desk.binh).approval == again


def test_what_is_said_of_each_source_follows_its_stance(article: Article, live: Publication, desk: Desk) -> None:
    judge(live, by=desk.binh, citations={1: True, 2: True, 3: True})
    about = {
        cited["source"]["name"]: subject_of(article.pk, cited, cited["source"]["id"]) for cited in live.live.citations
    }
    assert outcomes() == [
        ("report", True, Decimal(1), about["Report"]),
        ("denial", True, Decimal("0.5"), about["Denial"]),
    ]
    assert about["Report"] == f"article:{article.pk}/{content_hash(live.live.citations[0])}"
    reason = SourceOutcome.objects.earliest("pk")
    assert (reason.reason, reason.by) == ("Headline Alpha (en 1): It was so.", desk.binh)


def test_silence_is_no_outcome(live: Publication, desk: Desk) -> None:
    judge(live, by=desk.binh, held=True)
    judge(live, by=desk.binh, held=False, citations={1: None})
    assert outcomes() == []


def test_a_correction_is_no_verdict(live: Publication, desk: Desk) -> None:
    corrected(live, desk)
    withdrawn(live, desk)
    assert (Verdict.objects.count(), SourceOutcome.objects.count()) == (0, 0)


# --- a later word ------------------------------------------------------------------------------------


def test_a_later_verdict_takes_the_place_of_the_earlier_and_both_stay(live: Publication, desk: Desk) -> None:
    judge(live, by=desk.binh, citations={1: True, 2: True})
    assert record() == {"report": (1.0, 0.0), "denial": (0.5, 0.0)}
    judge(live, by=desk.dung, held=False, citations={1: False, 2: True})
    assert record() == {"report": (0.0, 1.0), "denial": (0.5, 0.0)}
    judge(live, by=desk.binh, citations={2: True})
    assert record() == {"denial": (0.5, 0.0)}
    assert [row[:3] for row in outcomes()] == [
        ("report", True, Decimal(1)), ("denial", True, Decimal("0.5")), ("report", False, Decimal(1)),
        ("report", False, Decimal(0)),
    ]  # fmt: skip
    assert [row.held for row in Verdict.objects.order_by("pk")] == [True, False, True]
    assert list(Verdict.objects.standing().values_list("held", "by__username")) == [(True, "binh")]


def test_the_same_citation_in_the_other_language_counts_once(article: Article, live: Publication, desk: Desk) -> None:
    other = factories.published(article, "vi", desk=desk)
    judge(live, by=desk.binh, citations={1: True})
    judge(other, by=desk.binh, citations={1: True})
    assert record() == {"report": (1.0, 0.0)}
    judge(other, by=desk.binh, citations={1: False})
    assert record() == {"report": (0.0, 1.0)}
    judge(other, by=desk.binh, citations={})
    assert record() == {"report": (1.0, 0.0)}  # the English verdict stands as it did


def test_a_citation_judged_before_and_after_its_source_was_merged_counts_once(live: Publication, desk: Desk) -> None:
    old = Source.objects.get(pk=live.live.citations[0]["source"]["id"])
    new = factories.source("new")
    judge(live, by=desk.binh, citations={1: True})
    joining.merge(old, new, by=desk.chi, seen=joining.merger(old, new).seen)
    assert (standings([new.pk])[new.pk].held, standings([old.pk])[old.pk].held) == (1.0, 1.0)
    corrected(live, desk)  # the new version names the one that stays
    judge(live, by=desk.binh, version=2, citations={1: True})
    assert (standings([new.pk])[new.pk].held, standings([old.pk])[old.pk].held) == (1.0, 1.0)
    judge(live, by=desk.binh, version=2, held=False, citations={1: False})
    after = standings([new.pk])[new.pk]
    assert (after.held, after.failed) == (0.0, 1.0)


def test_another_article_that_cites_the_same_counts_by_itself(live: Publication, desk: Desk) -> None:
    twin = factories.article(desk.an, "Beta")
    factories.cite(twin, desk.an, factories.source("report"))
    other = factories.published(twin, desk=desk)
    judge(live, by=desk.binh, citations={1: True})
    judge(other, by=desk.binh, citations={1: True})
    assert record() == {"report": (2.0, 0.0)}
    judge(other, by=desk.binh)
    assert record() == {"report": (1.0, 0.0)}


@pytest.fixture
def several(desk: Desk) -> list[tuple[Publication, int]]:
    """Two articles in two languages that share a source, one of them corrected: five versions to judge."""
    found = []
    for marker in ("Alpha", "Beta"):
        row = factories.article(desk.an, marker)
        factories.cite(row, desk.an, factories.source("report"))
        factories.cite(row, desk.an, factories.source("denial"), stance="contradicts")
        factories.cite(row, desk.an, factories.source("report"), url="https://report.org/1")  # says the same as 1
        found += [(factories.published(row, code, desk=desk), 1) for code in ("en", "vi")]
    corrected(found[0][0], desk)
    return [*found, (found[0][0], 2)]


ANSWERS = st.fixed_dictionaries({number: st.sampled_from([True, False, None]) for number in (1, 2, 3)})


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=st.lists(st.tuples(st.integers(0, 4), ANSWERS), min_size=1, max_size=8))
def test_the_record_is_that_of_the_standing_verdicts_alone(
    several: list[tuple[Publication, int]], desk: Desk, said: list[tuple[int, dict[int, bool | None]]]
) -> None:
    """By hand: of what an article cites alike, the last standing verdict that judged it; whatever was said before."""
    last: dict[int, dict[int, bool | None]] = {}
    with transaction.atomic():
        for place, answers in said:
            publication, number = several[place]
            judge(publication, by=desk.binh, version=number, citations=answers)
            last.pop(place, None)
            last[place] = answers
        expected: dict[tuple[int, str], tuple[str, bool]] = {}
        for place, answers in last.items():
            version = Version.objects.get(
                article=several[place][0].article_id, language=several[place][0].language, number=several[place][1]
            )
            for cited in version.citations:
                if (held := answers[cited["number"]]) is not None:
                    expected[version.article_id, content_hash(cited)] = (cited["source"]["name"], held)
        sums = {"report": [0.0, 0.0], "denial": [0.0, 0.0]}
        for name, held in expected.values():
            sums[name.lower()][not held] += {"Report": 1.0, "Denial": 0.5 if held else 2.0}[name]
        assert record() == {name: tuple(each) for name, each in sums.items() if any(each)}
        transaction.set_rollback(True)


def test_its_own_outcome_never_feeds_its_own_number(live: Publication, desk: Desk) -> None:
    other = factories.article(desk.an, "Beta")
    factories.cite(other, desk.an, factories.source("report"), url="https://report.org/other")
    beside = factories.published(other, desk=desk)
    own, foreign = assess(live.live), assess(beside.live)
    judge(live, by=desk.binh, held=False, citations={1: False, 2: False})
    assert assess(live.live) == own
    after = assess(beside.live)
    assert after != foreign
    assert (after.evidence[0].held, after.evidence[0].failed) == (0.0, 1.0)


def test_other_articles_whose_numbers_it_moves_wait_to_be_reassessed_and_its_own_does_not(
    live: Publication, desk: Desk
) -> None:
    beside = factories.article(desk.an, "Beside")
    factories.cite(beside, desk.an, Source.objects.get(pk=live.live.citations[0]["source"]["id"]))
    other = factories.published(beside, desk=desk)
    judge(live, by=desk.binh, held=False, citations={1: False})
    assert list(Publication.objects.unsettled()) == [other]
    judge(live, by=desk.binh, held=True, citations={})  # the word is taken back, and the number is what it was
    assert list(Publication.objects.unsettled()) == []


def test_leaving_an_article_out_does_not_leave_out_one_whose_number_begins_alike(desk: Desk) -> None:
    source = factories.source()
    for about in ("article:12/aa", "article:123/aa", "article:12", "article:1/bb"):
        SourceOutcome.objects.create(source=source, held=True, reason="Stood.", by=desk.chi, subject=about)
    assert standings([source.pk], leaving_out=subject(12))[source.pk].held == 2.0


# --- on what occasion --------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["correction", "update"])
def test_what_was_corrected_waits_until_a_verdict_names_the_correction(
    kind: str, live: Publication, desk: Desk
) -> None:
    earlier = judge(live, by=desk.binh)
    correction = corrected(live, desk, kind=kind)
    assert list(Correction.objects.to_judge()) == [correction]
    assert list(Version.objects.to_judge()) == [live.live]
    row = judge(live, by=desk.binh, held=False)
    assert (row.version, row.occasion, row.correction) == (earlier.version, Occasion.CORRECTION, correction)
    assert list(Version.objects.to_judge()) == []
    assert judge(live, by=desk.binh).correction == correction  # a revision is of the same


@pytest.mark.parametrize("kind", ["typo", "clarification"])
def test_what_was_changed_in_form_alone_does_not_wait(kind: str, live: Publication, desk: Desk) -> None:
    corrected(live, desk, kind=kind)
    assert list(Version.objects.to_judge()) == []
    assert judge(live, by=desk.binh).occasion == Occasion.REVIEW


def test_what_shows_no_number_does_not_wait(desk: Desk) -> None:
    opinion = factories.published(factories.article(desk.an, kind="opinion"), desk=desk)
    withdrawn(opinion, desk)
    assert list(Version.objects.to_judge()) == []
    assert judge(opinion, by=desk.binh).occasion == Occasion.WITHDRAWAL


def test_a_withdrawn_version_corrected_later_is_judged_for_both(live: Publication, desk: Desk) -> None:
    first = withdrawn(live, desk)
    second = corrected(live, desk)
    rows = [judge(live, by=desk.binh) for _time in range(3)]
    assert [(row.correction, row.occasion) for row in rows] == [
        (first, Occasion.WITHDRAWAL), (second, Occasion.CORRECTION), (second, Occasion.CORRECTION),
    ]  # fmt: skip


def drawn_among(number: int, desk: Desk) -> list[Publication]:
    made = []
    for each in range(number):
        article = factories.article(desk.an, f"No{each}")
        factories.cite(article, desk.an, factories.source("report"), url=f"https://report.org/{each}")
        made.append(factories.published(article, desk=desk))
    auditing.draw(Decimal("0.01"), seed=1, live_since=timezone.now())
    return [row for row in made if hasattr(row.live, "audit")]


def test_what_was_drawn_counts_for_those_that_were_not(desk: Desk) -> None:
    [row] = drawn_among(3, desk)
    assert list(Version.objects.to_judge()) == [row.live]
    verdict = judge(row, by=desk.binh, citations={1: False})
    assert (verdict.occasion, verdict.audit, verdict.weight) == (Occasion.AUDIT, row.live.audit, Decimal("3.000"))
    assert record() == {"report": (0.0, 3.0)}
    assert list(Version.objects.to_judge()) == []
    assert judge(row, by=desk.binh).weight == 3  # to think better of it makes it no less of a sample


def test_what_was_drawn_and_then_corrected_would_have_been_judged_anyway(desk: Desk) -> None:
    [row] = drawn_among(3, desk)
    correction = corrected(row, desk)
    verdict = judge(row, by=desk.binh)
    assert (verdict.occasion, verdict.correction, verdict.audit, verdict.weight) == (
        Occasion.CORRECTION, correction, None, 1,
    )  # fmt: skip
    assert list(Version.objects.to_judge()) == []


# --- refusals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["an", "chi", "em"])
def test_only_reviewers_judge(who: str, live: Publication, desk: Desk) -> None:
    with refused("Only Reviewers may do this."):
        judge(live, by=getattr(desk, who))


def test_nobody_judges_what_they_contributed_to(article: Article, desk: Desk, settings: Any) -> None:
    edit(article, desk.dung, summary_en="By Dung.")
    live = factories.published(Article.objects.get(pk=article.pk), desk=desk)
    with refused(OWN_WORK):
        judge(live, by=desk.dung)
    settings.NEWSROOM_SOLO_DESK = True
    assert judge(live, by=desk.dung).by == desk.dung


def test_an_author_who_got_an_account_later_does_not_judge_either(article: Article, desk: Desk) -> None:
    live = factories.published(article, desk=desk)
    author = factories.author()
    author.user = desk.binh
    author.save()
    with refused(OWN_WORK):
        judge(live, by=desk.binh)


def test_what_was_never_public_is_not_judged(article: Article, live: Publication, desk: Desk) -> None:
    edit(article, desk.an, summary_en="Second.")
    newer = factories.approved(Article.objects.get(pk=article.pk), desk=desk)
    with refused(NEVER_PUBLIC):
        judge(newer, by=desk.binh, version=2)
    assert judge(newer, by=desk.binh, version=1).version == live.live


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"held": None}, "Say whether the claim stood."),
        ({"note": " \u200b\n"}, "Write a note: it says why."),
        ({"citations": {4: True}}, "This version has no citation 4."),
        ({"seen": ""}, CHANGED),
        ({"version": 2, "seen": ""}, "This language has no version 2."),
    ],
)
def test_what_cannot_be_kept_is_refused(said: dict[str, Any], sentence: str, live: Publication, desk: Desk) -> None:
    with refused(sentence):
        judge(live, by=desk.binh, **said)


def test_what_changed_under_the_reviewers_eyes_is_looked_at_again(live: Publication, desk: Desk) -> None:
    seen = [factories.case(live).seen]
    judge(live, by=desk.dung)
    seen.append(factories.case(live).seen)
    corrected(live, desk)
    for old in seen:
        with refused(CHANGED):
            judge(live, by=desk.binh, seen=old)
    assert judge(live, by=desk.binh).by == desk.binh


# --- the database's last word ------------------------------------------------------------------------

OF_WHAT_WAS_PUBLIC = (
    "a verdict is of a version that was public, by its own approval, its own correction and its own audit"
)


def fields(publication: Publication, desk: Desk) -> dict[str, Any]:
    return {
        "version": publication.live, "approval": publication.live_approval, "held": True, "occasion": "review",
        "note": "So.", "citations": {}, "by": desk.binh,
    }  # fmt: skip


def test_the_verdict_that_the_others_differ_from_is_accepted(live: Publication, desk: Desk) -> None:
    Verdict(**fields(live, desk)).save()
    assert Verdict.objects.count() == 1


@pytest.mark.parametrize("what", ["never public", "approval", "no approval", "correction", "audit"])
def test_the_database_refuses_what_is_anothers(what: str, live: Publication, desk: Desk) -> None:
    twin = factories.article(desk.an, "Beta")
    factories.cite(twin, desk.an, factories.source("report"))
    if what == "never public":
        waiting = factories.approved(twin, desk=desk)
        other = {"version": waiting.approved, "approval": waiting.approved.statuses.get(status="approved")}
    elif what == "no approval":
        other = {"approval": live.live.statuses.get(status="submitted")}
    else:
        beside = factories.published(twin, desk=desk)
        auditing.draw(Decimal(1), seed=1, live_since=timezone.now())
        other = {
            "approval": {"approval": beside.live_approval},
            "audit": {"audit": beside.live.audit, "occasion": "audit"},
            "correction": {"correction": corrected(beside, desk), "occasion": "correction"},
        }[what]
    with refused_by_the_database(OF_WHAT_WAS_PUBLIC):
        Verdict(**fields(live, desk) | other).save()


@pytest.mark.parametrize(
    ("other", "constraint"),
    [
        ({"note": ""}, "verdict_says_why"),
        ({"weight": 0}, "verdict_weighs_something"),
        ({"occasion": "audit"}, "verdict_occasion_known"),
        ({"occasion": "correction"}, "verdict_occasion_known"),
        ({"occasion": "whim"}, "verdict_occasion_known"),
    ],
)
def test_the_database_refuses_what_is_no_verdict(
    other: dict[str, Any], constraint: str, live: Publication, desk: Desk
) -> None:
    with refused_by_the_database(constraint):
        Verdict(**fields(live, desk) | other).save()
