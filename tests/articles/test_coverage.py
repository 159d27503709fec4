"""How far a language has come: the pure judgement, and the database's answer, which is the same of every article."""

from itertools import product

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from articles import workflow
from articles.coverage import Coverage, coverage
from articles.models import Article, Publication
from articles.models.publication import to_translate_from
from articles.states import LiveState, Place
from tests import factories
from tests.articles.stands import PLACES, Stand, bring, everybody
from tests.articles.steps import edit

CODES = [code for code, _label in settings.LANGUAGES]
C = Coverage


@pytest.mark.parametrize(
    ("places", "worded", "newer", "behind", "found"),
    [
        ([Place.DRAFT], False, False, False, [C.MISSING]),
        ([Place.DRAFT], True, False, False, [C.DRAFT]),
        ([Place.IN_REVIEW], True, False, False, [C.IN_REVIEW]),
        ([Place.APPROVED], True, False, False, [C.APPROVED]),
        ([Place.SCHEDULED, Place.APPROVED], True, False, False, [C.APPROVED]),
        ([Place.SCHEDULED, Place.IN_REVIEW], True, False, False, [C.APPROVED, C.IN_REVIEW]),
        ([Place.LIVE], True, False, False, [C.LIVE]),
        ([Place.LIVE], False, False, False, [C.LIVE]),
        ([Place.LIVE], True, True, False, [C.LIVE, C.DRAFT]),
        ([Place.LIVE], True, True, True, [C.LIVE, C.OUTDATED, C.DRAFT]),
        ([Place.LIVE, Place.IN_REVIEW], True, False, True, [C.LIVE, C.OUTDATED, C.IN_REVIEW]),
        ([Place.WITHDRAWN], True, False, False, [C.WITHDRAWN]),
        ([Place.WITHDRAWN, Place.IN_REVIEW], True, False, False, [C.WITHDRAWN, C.IN_REVIEW]),
    ],
)
def test_coverage(places: list[Place], worded: bool, newer: bool, behind: bool, found: list[Coverage]) -> None:
    assert coverage(places, worded=worded, newer=newer, behind=behind) == found


@given(st.sampled_from(list(PLACES.values())), st.booleans(), st.booleans(), st.booleans())
def test_something_holds_of_every_language_and_what_is_missing_is_nothing_else(
    places: list[Place], worded: bool, newer: bool, behind: bool
) -> None:
    found = coverage(places, worded=worded, newer=newer, behind=behind)
    assert found
    assert found == [each for each in Coverage if each in found]
    assert C.MISSING not in found or found == [C.MISSING]
    assert C.OUTDATED not in found or C.LIVE in found
    assert not {C.LIVE, C.WITHDRAWN} <= {*found}


def judged(article: Article, language: str) -> list[Coverage]:
    """By the pure judgement, from facts asked for one by one."""
    row = Publication.objects.filter(article=article, language=language).first() or Publication(language=language)
    article = Article.objects.get(pk=article.pk)
    return coverage(
        row.places,
        worded=any(getattr(article, f"{name}_{language}") for name in ("headline", "summary", "body", "claim")),
        newer=row in Publication.objects.newer_in_draft(),
        behind=row in Publication.objects.out_of_date(),
    )


def answered() -> dict[tuple[int, str], list[Coverage]]:
    """By the sets that the database is asked for."""
    found: dict[tuple[int, str], list[Coverage]] = {}
    for code, each in product(CODES, Coverage):
        for article in Article.objects.covered(code, each):
            found.setdefault((article.pk, code), []).append(each)
    return found


def test_of_every_stand_the_database_says_what_the_judgement_says(db: None) -> None:
    people = everybody()
    articles = []
    for place, stand in enumerate(Stand):
        article = factories.article(people["contributor with all groups"], f"Number{place}", **empty("vi", place % 3))
        factories.cite(article, people["contributor with all groups"])
        bring(article, "en", stand, people)
        if place % 2:
            edit(article, people["superuser who contributed"], summary_en="Newer.")
        articles.append(article)
    assert answered() == {(article.pk, code): judged(article, code) for article in articles for code in CODES}
    for code in CODES:
        worded = {row.pk: getattr(row, f"worded_{code}") for row in Article.objects.with_words()}
        assert worded == {article.pk: bool(getattr(article, f"headline_{code}")) for article in articles}


def empty(language: str, number: int) -> dict[str, str | None]:
    """Fields of an article that has no word of this language, in either spelling of nothing; or all of them."""
    names = ("headline", "summary", "body", "claim", "slug")
    return {} if number == 2 else {f"{name}_{language}": (None, "")[number] for name in names}


@pytest.fixture
def told(desk: factories.Desk) -> dict[str, Article]:
    """What is and what is not to be translated, oldest first."""

    def article(marker: str, without: str = "") -> Article:
        return factories.article(desk.an, marker, **(empty(without, 1) if without else {}))

    made = {"lacks en": article("A", "en"), "lacks vi": article("B", "vi"), "draft": article("C")}
    for name, row in made.items():
        factories.published(row, "vi" if name == "lacks en" else "en", desk=desk)
    for name in ("both", "outdated", "withdrawn", "nowhere"):
        made[name] = article(name)
    for code in CODES:
        for name in ("both", "outdated", "withdrawn"):
            factories.published(made[name], code, desk=desk)
    edit(made["outdated"], desk.an, summary_en="Newer.")
    row = factories.approved(made["outdated"], desk=desk)
    workflow.correct(row, by=desk.chi, version=2, kind="update", note="News.")
    gone = Publication.objects.get(article=made["withdrawn"], language="en")
    workflow.withdraw(gone, by=desk.chi, version=1, note="It was not so.")
    made["unpublished"] = article("D", "vi")
    factories.approved(made["unpublished"], desk=desk)
    return made


def test_translated_next_is_what_is_live_in_one_language_and_missing_or_out_of_date_in_another(
    told: dict[str, Article],
) -> None:
    names = {row.pk: name for name, row in told.items()}
    assert [names[row.pk] for row in Article.objects.to_translate(["vi", "en"])] == ["outdated", "lacks vi", "lacks en"]
    # What is behind a withdrawal has no other language to be translated from.
    assert judged(told["withdrawn"], "vi") == [C.LIVE, C.OUTDATED]


def test_a_language_is_made_from_what_is_nearest_to_the_reader_and_never_from_itself() -> None:
    live = Publication(language="vi", state=LiveState.LIVE, live_id=1)
    newer = Publication(language="fr", state=LiveState.LIVE, live_id=7, in_review_id=9)
    approved = Publication(language="de", approved_id=5, in_review_id=6)
    waits = Publication(language="it", in_review_id=8)
    gone = Publication(language="es", state=LiveState.WITHDRAWN, live_id=9)
    rows = [waits, gone, live, approved, newer]
    assert [row.settled_id for row in rows] == [8, None, 1, 5, 7]
    assert to_translate_from(rows, "en") is newer
    assert to_translate_from(rows, "fr") is live
    assert to_translate_from([waits, gone, approved], "en") is approved
    assert to_translate_from([gone, waits], "en") is waits
    assert to_translate_from([gone, waits], "it") is None
    assert to_translate_from([], "en") is None
