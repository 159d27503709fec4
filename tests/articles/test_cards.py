"""The card of an article: what is on it, at which address, drawn once, and of what is live alone."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, NoReturn

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import InMemoryStorage, storages
from django.test import Client
from django.utils.timezone import localtime
from django.utils.translation import override
from PIL import Image

from articles import cards, drawing, workflow
from articles.drawing import Card, Fact
from articles.kinds import Kind
from articles.models import Article, Publication
from articles.reading import Reading, Reassessment, Review
from articles.views.structure import card_url
from tests import factories
from tests.articles.afterwards import assessed_again, corrected, withdrawn
from tests.articles.test_reading import assessed, cited, content, evidence
from tests.articles.test_views import (
    BADGES,
    EN,
    LANGUAGES,
    PUBLIC_TABLES,
    VI,
    asked,
    everything,
    public_paths,
    publish,
    queries_of,
    read,
    slugs,
    tables,
)
from tests.factories import Desk

WHEN = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)  # the next day on the desk's clock


def reading(*facts: Any, **fields: Any) -> Reading:
    from articles.reading import reading as made

    cites = [cited(each.number) for each in facts]
    return replace(
        made(
            content(citations=cites), assessed(*facts), number=1, digest="ab12", review=Review("Binh", WHEN, False, "")
        ),
        **fields,
    )


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> InMemoryStorage:
    """Where the cards of one test are kept."""
    storage = InMemoryStorage()
    monkeypatch.setattr(cards, "storages", {"cards": storage})
    return storage


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[Card]:
    """Every card that was drawn, in order."""
    found: list[Card] = []
    png = drawing.png
    monkeypatch.setattr(drawing, "png", lambda card: found.append(card) or png(card))
    return found


# --- what is on it -----------------------------------------------------------------------------------


def test_a_card_says_who_speaks_the_headline_and_the_three_facts() -> None:
    for active in LANGUAGES:  # in the words' own language, whatever the reader's
        with override(active):
            card = cards.card(reading(evidence()))
        assert card == Card(
            "Newsroom",
            "Headline",
            (
                Fact("Tier 1 · sources", "first-hand, 1 independent source", "ok"),
                Fact("58% confidence", "likely to hold, 51–64%", "tell"),
                Fact("Reviewed", "by Binh, 23 November 2026", "ok"),
            ),
        )
    assert cards.alt(card) == (
        "Headline. Tier 1 · sources: first-hand, 1 independent source. 58% confidence: likely to hold, 51–64%. "
        "Reviewed: by Binh, 23 November 2026"
    )


@pytest.mark.parametrize(
    ("made", "facts"),
    [
        (
            reading(),
            (
                Fact("No sources", "nothing cited supports the claim", "warn"),
                Fact("Unsourced", "no source is cited for or against the claim", "warn"),
            ),
        ),
        (
            reading(evidence(tier=None)),
            (
                Fact("Not rated · sources", "first-hand, 1 independent source"),
                Fact("Not rated", "none of its sources has been assessed yet", "warn"),
            ),
        ),
        (
            reading(evidence(tier=3, first_hand=False), kind=Kind.OPINION),
            (
                Fact("Tier 3 · sources", "second-hand, 1 independent source"),
                Fact("No confidence shown", "Opinion: makes no claim of fact that a number could be of"),
            ),
        ),
    ],
)
def test_a_fact_that_is_missing_is_said_as_plainly(made: Reading, facts: tuple[Fact, ...]) -> None:
    assert cards.card(made).facts[:2] == facts


def test_who_reviewed_his_own_words_is_said_so_and_nobody_is_named_without_a_public_name() -> None:
    for review, fact in (
        (Review("Mai Lan", WHEN, True, ""), Fact("Self-reviewed", "by Mai Lan, 23 November 2026", "warn")),
        (Review("", WHEN, False, ""), Fact("Reviewed", "by a reviewer of this desk, 23 November 2026", "ok")),
        (
            Review("Binh", WHEN, False, "", Reassessment("Hoa", datetime(2027, 1, 1, tzinfo=UTC), "Again.")),
            Fact("Reviewed", "by Binh, 23 November 2026", "ok"),
        ),
    ):
        assert cards.card(reading(evidence(), review=review)).facts[2] == fact


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BADGES)
def test_a_card_says_what_the_badges_of_the_page_say(desk: Desk, client: Client, name: str, language: str) -> None:
    publish(desk, BADGES[name], language)
    card = cards.card(Publication.objects.for_readers().get().reading())
    page = read(client, {"vi": VI, "en": EN}[language])
    assert [fact.word for fact in card.facts] == page.said("dt")[:3]
    assert {fact.detail for fact in card.facts} <= set(page.said(".facts"))
    assert page.said("h1") == [card.headline]


# --- its address -------------------------------------------------------------------------------------


def test_the_address_is_of_what_is_drawn_and_of_nothing_else(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    one = reading(evidence())
    key = cards.key(cards.card(one))
    assert re.fullmatch("[0-9a-f]{12}", key)
    assert cards.fingerprint(cards.card(one)).startswith(key)
    for same in (replace(one, body="<p>Other.</p>"), replace(one, number=2), replace(one, digest="cd34")):
        assert cards.key(cards.card(same)) == key
    others = [
        replace(one, headline="Headlines"),
        replace(one, language="vi"),
        replace(one, kind=Kind.OPINION),
        replace(one, review=Review("Hoa", WHEN, False, "")),
        replace(one, review=Review("Binh", WHEN, True, "")),
        reading(evidence(tier=2)),
    ]
    keys = {cards.key(cards.card(each)) for each in others}
    settings.NEWSROOM_NAME = "Another"
    keys.add(cards.key(cards.card(one)))
    settings.NEWSROOM_NAME = "Newsroom"
    monkeypatch.setattr(drawing, "VERSION", drawing.VERSION + 1)
    keys.add(cards.key(cards.card(one)))
    assert len(keys | {key}) == len(others) + 3


def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    for code in LANGUAGES:
        factories.published(row, code, desk=desk)
    return row


def address(language: str = "en") -> str:
    shown = Publication.objects.for_readers().get(language=language).reading()
    return card_url(shown, cards.card(shown))


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "path"), [("vi", VI), ("en", EN)])
def test_the_picture_that_the_page_names_is_there_for_ever(
    desk: Desk, client: Client, language: str, path: str
) -> None:
    article(desk)
    [named] = [str(each["content"]) for each in read(client, path).all("meta", property="og:image")]
    response = client.get(named)
    assert named == f"http://testserver{address(language)}"
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (response.cookies, "Vary" in response) == ({}, False)
    assert Image.open(io.BytesIO(response.content), formats=["PNG"]).size == (1200, 630)
    head = client.head(named)
    assert (head.status_code, head.content, dict(head.headers)) == (200, b"", dict(response.headers))
    assert client.post(named).status_code == 405


@pytest.mark.django_db
def test_an_old_address_leads_to_the_present_one(desk: Desk, client: Client) -> None:
    row = article(desk)
    old = address()
    corrected(row, desk=desk, kind="typo", note="A word.", headline="Headline Rigel", slug="rigel")
    new = address()
    assert new.startswith("/en/articles/rigel/card-")
    key = new.rpartition("card-")[2]
    for path in (old, f"{EN}{old.rpartition('/')[2]}", f"{EN}card-{key}", "/en/articles/rigel/card-x.png"):
        response = client.get(path)
        assert (response.status_code, response["Location"], response["Cache-Control"]) == (302, new, "no-cache")
    assert client.get("/vi/articles/rigel/card-x.png")["Location"] == address("vi")
    assert client.get(f"{EN}card-.png").status_code == 404


@pytest.mark.django_db
def test_assessed_again_the_card_says_the_new_number(desk: Desk, client: Client) -> None:
    row = article(desk)
    old = address()
    publication = Publication.objects.get(article=row, language="en")
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read it.")
    assessed_again(row, desk=desk, note="We read it.")
    assert client.get(old)["Location"] == address() != old
    assert cards.card(Publication.objects.for_readers().get(language="en").reading()).facts[1].word == "83% confidence"


@pytest.mark.django_db
def test_what_was_withdrawn_is_on_no_card(desk: Desk, client: Client, drawn: list[Card]) -> None:
    row = article(desk)
    path = address()
    assert client.get(path).status_code == 200
    withdrawn(row, desk=desk)
    response = client.get(path)
    assert (response.status_code, response.content, response["Cache-Control"]) == (410, b"", "no-cache")
    assert "Location" not in response
    assert client.get(address("vi")).status_code == 200
    assert len(drawn) == 2


@pytest.mark.django_db
def test_nothing_is_drawn_of_what_is_not_live(desk: Desk, client: Client, drawn: list[Card]) -> None:
    markers = everything(desk)
    for code in LANGUAGES:
        for slug in slugs():
            for path in (f"/{code}/articles/{slug}/card-{'0' * 12}.png",):
                client.get(path, follow=True)
    for path in public_paths():
        client.get(path)
    live = {row.live.headline for row in Publication.objects.live().for_readers() if row.live}
    assert {card.headline for card in drawn} == live
    said = " ".join(cards.alt(card) for card in drawn)
    assert [name for name, marker in markers.items() if marker in said] == ["published"]


# --- what it costs -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_card_is_drawn_once_and_asked_of_the_database_by_one_query(
    desk: Desk, client: Client, drawn: list[Card]
) -> None:
    article(desk)
    with asked() as statements:
        first = client.get(address()).content
    assert tables(statements) <= PUBLIC_TABLES
    assert queries_of(client, address()) == 1
    assert [client.get(address()).content for _ in range(3)] == [first] * 3
    assert len(drawn) == 1


def test_what_was_kept_only_half_is_drawn_anew(kept: InMemoryStorage, drawn: list[Card]) -> None:
    card = cards.card(reading(evidence()))
    whole = cards.picture(card)
    [name] = [f"{folder}/{file}" for folder in kept.listdir("")[0] for file in kept.listdir(folder)[1]]
    assert name == f"{cards.fingerprint(card)[:2]}/{cards.fingerprint(card)}.png"
    for half in (whole[:1000], whole[:-1], b""):
        kept.delete(name)
        kept.save(name, ContentFile(half))
        assert cards.picture(card) == whole
    assert len(drawn) == 4


class Broken(InMemoryStorage):
    def _open(self, name: str, mode: str = "rb") -> NoReturn:
        raise OSError(28, "No space left on device")

    def _save(self, name: str, content: object) -> NoReturn:
        raise OSError(28, "No space left on device")


def test_without_a_place_to_keep_it_each_request_draws_it(
    monkeypatch: pytest.MonkeyPatch, drawn: list[Card], caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(cards, "storages", {"cards": Broken()})
    card = cards.card(reading(evidence()))
    assert cards.picture(card) == cards.picture(card) == drawing.png(card)
    assert len(drawn) == 3
    assert [record.getMessage() for record in caplog.records] == ["card_not_read", "card_not_kept"] * 2


def test_drawn_twice_at_once_it_is_one_file(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the desk's own settings keep them: the second writes the same bytes over the first's."""
    from django.core.files.storage import FileSystemStorage

    storage = FileSystemStorage(location=tmp_path, allow_overwrite=True)
    monkeypatch.setattr(cards, "storages", {"cards": storage})
    card = cards.card(reading(evidence()))
    draw: Callable[[Card], bytes] = drawing.png

    def overtaken(card: Card) -> bytes:
        monkeypatch.setattr(drawing, "png", draw)
        cards.picture(card)  # another process, while this one draws
        return draw(card)

    monkeypatch.setattr(drawing, "png", overtaken)
    made = cards.picture(card)
    assert [path.read_bytes() for path in tmp_path.rglob("*.png")] == [made]


def test_the_desk_keeps_its_cards_beside_its_database_and_writes_over_them(monkeypatch: pytest.MonkeyPatch) -> None:
    from newsroom import settings as own

    assert own.STORAGES["cards"]["OPTIONS"] == {"location": own.BASE_DIR / "var" / "cards", "allow_overwrite": True}
    assert isinstance(storages["cards"], InMemoryStorage)  # under test, nothing of them


def test_the_day_is_the_desks() -> None:
    assert localtime(WHEN).day == 23
