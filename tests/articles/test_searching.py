"""The index that readers search: the same answers on either engine, and always what is live, no more and no less."""

import re
import unicodedata
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles import assessing, searching, terms, workflow
from articles.assessing import screen_hash
from articles.confidence import assess
from articles.models import Article, Category, Publication, SearchEntry, SearchWords
from articles.searching import MOST_OF_ONE, MOST_WORDS, Progress, entry_of
from sources.models import Source, SourceAssessment
from tests import factories
from tests.articles.stands import Stand, bring, everybody
from tests.articles.steps import now
from tests.factories import Desk

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

# --- what is found, said once more as small as it can be ---------------------------------------------


def letters(char: str) -> str:
    plain = unicodedata.normalize("NFKD", char.casefold().replace("đ", "d"))
    return "".join(each for each in plain if each.isalnum())


def said(text: str) -> list[str]:
    """Its words without marks and capitals."""
    whole = ""
    for char in text:
        beside = "\u0300" <= char <= "\u036f" and whole and not whole.endswith(" ")
        whole += letters(char) if char.isalnum() else "" if beside else " "
    return whole.split()


PLAIN = set("abcdefghijklmnoprstuvwxyz")  # one of these alone is whole


def has(words: list[str], phrase: list[str]) -> bool:
    return any(words[place : place + len(phrase)] == phrase for place in range(len(words)))


def answers(typed: str, *texts: str) -> bool:
    """Whether these texts, one or the other, have all that is asked for."""
    segments = typed.split('"')
    asked: list[tuple[list[str], bool]] = []
    for place, segment in enumerate(segments):
        quoted = place % 2 == 1 and place < len(segments) - 1
        asked += [(said(segment), False)] if quoted else [([word], True) for word in said(segment)]
    asked = [each for each in asked if each[0]]
    *whole, (last, loose) = asked
    fields = [said(text) for text in texts]
    if not all(any(has(field, words) for field in fields) for words, _loose in whole):
        return False
    if loose and (len(last[0]) > 1 or last[0] not in PLAIN):
        return any(word.startswith(last[0]) for field in fields for word in field)
    return any(has(field, last) for field in fields)


# --- the engines -------------------------------------------------------------------------------------

VOCABULARY = [
    "ma", "mã", "MÃ", "man", "nguồn", "nguon", "Nguồn", "mở", "mo", "đá", "da", "q", "qu", "quy", "19", "1e5", "1e5abc",
    "2026", "де", "дела", "½", "m²", "AND", "NEAR", "không", "ﬁn", "fin", "một\u0323", "中文", "中", "x_y", "covid-19",
    "a.b", "http://a.b/c?d=1", "a@b.c", "-1.5", "1,2", "'t", "\\", "&", "|", "!", "<->", ":*", "*", "😀", "\u202e",
]  # fmt: skip
WORDS = st.sampled_from(VOCABULARY)
FREE = st.text(st.characters(exclude_categories=["Cs", "M"], exclude_characters='"\x00'), max_size=8)
TEXT = st.lists(st.one_of(WORDS, WORDS, FREE), max_size=9).map(" ".join)
TYPED = st.lists(st.one_of(WORDS, WORDS, st.just('"'), FREE), min_size=1, max_size=6).map(" ".join)
WORKINGS = assess([]).as_json()


def live(number: int, headline: str, summary: str, body: str) -> Any:
    """A row that is live with these words, as far as the index asks; the body is plain."""
    version = SimpleNamespace(headline=headline, summary=summary, body=body, category_id=None)
    approval = SimpleNamespace(confidence={"workings": WORKINGS})
    row = SimpleNamespace(pk=number, language="en", live=version, live_approval=approval)
    row.first_published = "2026-03-01T00:00:00+00:00"
    return row


def kept(*texts: tuple[str, str, str]) -> None:
    for number, each in enumerate(texts, 1):
        entry, words = entry_of(live(number, *each))
        SearchEntry(**entry).save(force_insert=True)
        SearchWords(**words).save(force_insert=True)


def found(typed: str) -> set[int]:
    rows = SearchWords.objects.matching(terms.query(typed)).of_language("en")
    numbers = set(rows.values_list("pk", flat=True))
    assert {row.pk for row in rows.newest(terms.query(typed), 50)} == numbers
    return numbers


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=4), st.lists(TYPED, min_size=1, max_size=6))
def test_either_engine_finds_what_the_words_say(
    db: None, texts: list[tuple[str, str, str]], queries: list[str]
) -> None:
    texts = [(one, two, three.replace("<", " ").replace("&", " ")) for one, two, three in texts]  # no tags
    with transaction.atomic():
        kept(*texts)
        for typed in queries:
            if terms.query(typed).parts:
                right = {number for number, each in enumerate(texts, 1) if answers(typed, *each)}
                assert found(typed) == right, (typed, texts)
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("mo nguon", ("Mã nguồn mở", "", "")),
        ("ng", ("Mã nguồn mở", "", "")),
        ('"nguồn mở"', ("", "Mã nguồn mở", "")),
        ('"nguon mo" ma', ("Mã", "", "Nguồn, mở")),
        ("AND", ("Rock and roll", "", "")),
        ("1e5a", ("1e5abc", "", "")),
        ("a" * 5_000, ("a" * 9_000, "", "")),
    ],
)
def test_what_is_found_by_example(typed: str, texts: tuple[str, str, str]) -> None:
    with transaction.atomic():
        kept(texts)
        assert found(typed) == {1}
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    ("typed", "texts"),
    [
        ("nguon m mo", ("Mã nguồn mở", "", "")),  # an unfinished word is the last alone
        ('"nguon m"', ("Mã nguồn mở", "", "")),
        ('"mo nguon"', ("Mã nguồn mở", "", "")),
        ('"ma nguon"', ("Mã", "nguồn", "")),  # no phrase goes on in the next text
        ('"nguon mo"', ("", "nguồn", "mở")),
        ("q", ("Mã", "nguồn", "mở")),  # nor is found what ends a text
        ("nguon khac", ("Mã nguồn mở", "", "")),
    ],
)
def test_what_is_not_found_by_example(typed: str, texts: tuple[str, str, str]) -> None:
    with transaction.atomic():
        kept(texts)
        assert found(typed) == set()
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "before", ["của " * (MOST_OF_ONE + 50), " ".join(f"w{each}" for each in range(MOST_WORDS + 600))]
)
def test_a_phrase_is_found_however_late_it_comes(before: str) -> None:
    """PostgreSQL keeps the places of 255 of one word, and none beyond the 16,383rd."""
    with transaction.atomic():
        kept(("", "", f"{before} nguồn của mở"), ("Mở của nguồn", "", "nguồn mở của"))
        assert [entry.crowded for entry in SearchEntry.objects.order_by("pk")] == [True, False]
        assert found('"nguon cua mo"') == {1}
        assert found('"mo cua nguon"') == {2}
        assert found("nguon cua mo") == {1, 2}
        transaction.set_rollback(True)


def test_the_longest_text_that_a_desk_can_write_is_kept() -> None:
    whole = " ".join(f"qд{each}" for each in range(25_000))
    with transaction.atomic():
        kept(("Mã", "nguồn", whole))
        assert found("ma qд1") == {1}
        transaction.set_rollback(True)


def test_a_word_in_the_headline_counts_most() -> None:
    other = "khác " * 20
    with transaction.atomic():
        kept((other, other, f"mở {other}"), (f"mở {other}", other, other), (other, f"mở {other}", other))
        query = terms.query("mở")
        rows = SearchWords.objects.matching(query).newest(query, 9).values_list("rank", "pk")
        assert [pk for _rank, pk in sorted(rows, reverse=True)] == [2, 3, 1]
        transaction.set_rollback(True)


# --- the index and the moves -------------------------------------------------------------------------


def index() -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    entries = ("pk", "language", "category", "tier", "first_published", "crowded")
    return (
        set(SearchEntry.objects.values_list(*entries)),
        set(SearchWords.objects.values_list("pk", "headline", "summary", "body")),
    )


def expected() -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    """By the live versions, read one by one."""
    entries, words = set(), set()
    for row in Publication.objects.filter(state="live"):
        assert row.live is not None
        assert row.live_approval is not None
        assert row.live_approval.confidence is not None
        told = row.live_approval.confidence["workings"]
        tier = told["best_tier"] if told["voices"] else None
        entries.add((row.pk, row.language, row.live.category_id, tier, row.first_published, False))
        texts = (row.live.headline, row.live.summary, re.sub("<[^>]*>", " ", row.live.body))
        words.add((row.pk, *map(terms.line, texts)))
    return entries, words


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("stand", Stand)
def test_wherever_an_article_stands_the_index_has_what_is_live(desk: Desk, stand: Stand, language: str) -> None:
    factories.published(factories.article(desk.an, "Beta"), language, desk=desk)
    article = factories.article(desk.an, "Alpha")
    factories.cite(article, desk.an)
    bring(article, language, stand, everybody())
    moved = index()
    assert moved == expected()
    assert len(moved[0]) == 1 + ("live" in stand)

    assert rebuilt() == moved
    SearchWords.objects.all().delete()
    SearchEntry.objects.all().delete()
    assert rebuilt() == moved
    SearchEntry.objects.update(language="xx", tier=4, crowded=True)
    SearchWords.objects.update(headline=" stale ")
    for row in Publication.objects.exclude(state="live"):
        SearchEntry.objects.create(publication=row, language="en", first_published="2026-03-01T00:00:00+00:00")
        SearchWords.objects.create(entry_id=row.pk, headline=" gone ", summary=" ", body=" ")
    assert rebuilt() == moved


def rebuilt(**options: Any) -> tuple[set[tuple[Any, ...]], set[tuple[Any, ...]]]:
    call_command("rebuild_search", stdout=StringIO(), **options)
    return index()


def test_a_reassessment_moves_what_a_search_is_narrowed_by(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, factories.source("one", tier=2))
    publication = factories.published(article, desk=desk)
    SourceAssessment(source=Source.objects.get(), tier=4, assessor=desk.chi, review_by="2030-01-01").save()
    assert SearchEntry.objects.get().tier == 2
    publication = now(publication)
    assert publication.live is not None
    seen = screen_hash(publication.live, assessing.assess(publication.live))
    workflow.reassess(publication, by=desk.binh, seen=seen, note="Its tier has changed.")
    assert SearchEntry.objects.get().tier == 4


def test_a_new_name_changes_nothing_in_the_index(desk: Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    before = index()
    Category.objects.update(name_en="Renamed", name_vi="Renamed")
    Source.objects.update(name_en="Renamed", name_vi="Renamed")
    assert rebuilt() == before


def test_a_refused_move_leaves_the_index_as_it_was(desk: Desk) -> None:
    publication = factories.published(factories.article(desk.an), desk=desk)
    before = index()
    with pytest.raises(workflow.Refused):
        workflow.withdraw(publication, by=desk.chi, version=1, note="")
    with transaction.atomic():
        workflow.withdraw(publication, by=desk.chi, version=1, note="It was wrong.")
        assert index() == (set(), set())
        transaction.set_rollback(True)
    assert index() == before


def test_rebuilding_goes_in_batches_tells_of_each_and_goes_on_where_it_stopped(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "BATCH", 2)
    rows = [factories.published(factories.article(desk.an, f"Alpha {each}"), desk=desk) for each in range(4)]
    rows.append(factories.in_review(factories.article(desk.an, "Beta"), desk=desk))
    last = [row.pk for row in rows]
    whole = index()
    SearchWords.objects.all().delete()
    steps = searching.rebuild()
    assert next(steps) == Progress(2, 2, last[1])
    steps.close()
    assert {row.pk for row in SearchWords.objects.all()} == set(last[:2])
    assert list(searching.rebuild(last[1])) == [Progress(2, 2, last[3]), Progress(3, 2, last[4])]
    assert index() == whole
    out = StringIO()
    call_command("rebuild_search", stdout=out)
    assert out.getvalue().splitlines() == [
        "2/5 looked at, 2 live",
        "4/5 looked at, 4 live",
        "5/5 looked at, 4 live",
        "The index is whole: 4 live of 5 looked at.",
    ]


def test_a_stopped_rebuild_says_how_to_go_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(after: int) -> Any:
        yield Progress(1, 1, 7)
        raise KeyboardInterrupt

    monkeypatch.setattr(searching, "rebuild", stopped)
    out = StringIO()
    call_command("rebuild_search", after=3, stdout=out)
    assert out.getvalue().splitlines()[-1] == "Stopped. Go on with: manage.py rebuild_search --after 7"


@pytest.mark.django_db(transaction=True)
def test_what_was_live_before_there_was_an_index_is_filled_in() -> None:
    desk = factories.desk()
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    for code in ("vi", "en"):
        factories.published(Article.objects.get(pk=article.pk), code, desk=desk)
    gone = factories.published(factories.article(desk.an, "Beta"), desk=desk)
    workflow.withdraw(gone, by=desk.chi, version=1, note="It was wrong.")
    before = index()
    newest = MigrationExecutor(connection).loader.graph.leaf_nodes("articles")
    try:
        MigrationExecutor(connection).migrate([("articles", "0012_version_authors")])
        assert SearchWords._meta.db_table not in connection.introspection.table_names()
    finally:
        MigrationExecutor(connection).migrate(newest)
    assert index() == before == expected()
    assert len(before[0]) == 2
