"""Dates, numbers, plurals and quotation marks, as each language writes them."""

import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext, override

from articles import ledger, register, wording
from articles.admin.desk.queue import Choice, Facet
from articles.ledger import Head
from tests.newsroom.test_catalogue import CATALOGUE, words

AT = datetime(2026, 11, 2, 9, 5)  # noqa: DTZ001 – on the desk's clock


@pytest.mark.parametrize(
    ("name", "english", "vietnamese"),
    [
        ("DATE_FORMAT", "2 November 2026", "02/11/2026"),
        ("DATETIME_FORMAT", "2 November 2026, 09:05", "09:05, 02/11/2026"),
        ("SHORT_DATE_FORMAT", "2 Nov 2026", "02/11/2026"),
        ("SHORT_DATETIME_FORMAT", "2 Nov 2026, 09:05", "09:05, 02/11/2026"),
        ("YEAR_MONTH_FORMAT", "November 2026", "tháng 11/2026"),
    ],
)
def test_a_time_is_written_as_the_language_writes_it(name: str, english: str, vietnamese: str) -> None:
    told = {}
    for code in ("en", "vi"):
        with override(code):
            told[code] = date_format(AT, name)
    assert told == {"en": english, "vi": vietnamese}


def test_a_number_has_the_point_and_the_groups_of_its_language() -> None:
    for code, told in (("en", ["1,234.5", "0.875"]), ("vi", ["1.234,5", "0,875"])):
        with override(code):
            numbers = [number_format(Decimal(each), force_grouping=True) for each in ("1234.5", "0.875")]
        assert numbers == told


COUNTS = [(0.0, "0", "0"), (1.5, "1.5", "1,5"), (999, "999", "999"), (1234, "1,234", "1.234"),
          (1234567.25, "1,234,567.25", "1.234.567,25")]  # fmt: skip


@pytest.mark.parametrize(("count", "english", "vietnamese"), COUNTS)
def test_a_count_is_grouped_and_whole(count: float, english: str, vietnamese: str) -> None:
    for code, told in (("en", english), ("vi", vietnamese)):
        with override(code):
            assert wording.count(count) == told


@pytest.mark.parametrize(("language", "told"), [("en", "1,234"), ("vi", "1.234")])
def test_what_pages_count_is_grouped(
    language: str, told: str, client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "head", lambda: Head(1234, "0" * 64, timezone.now()))
    assert f"<dd>{told}</dd>" in client.get(f"/{language}/ledger/").content.decode()
    monkeypatch.setattr(register, "matching", lambda *_: range(1234))
    monkeypatch.setattr(register, "by_tier", lambda _found: [])
    assert f'<p role="status">{told} ' in client.get(f"/{language}/sources/?q=a").content.decode()
    with override(language):
        facet = Facet("", [Choice("", 1234, "", chosen=False)])
        assert f">{told}</span>" in render_to_string("admin/articles/desk/facets.html", {"facets": [facet]})


@pytest.mark.parametrize("count", [0, 1, 2, 5])
def test_english_tells_one_from_many_and_vietnamese_does_not(count: int) -> None:
    one, many = "%(count)d note is open: resolve it first.", "%(count)d notes are open: resolve them first."
    with override("en"):
        assert ngettext(one, many, count) == (one if count == 1 else many)
    with override("vi"):
        assert ngettext(one, many, count) not in (one, many)
        assert ngettext(one, many, count) == ngettext(one, many, 1)


def test_quotation_marks_are_typographic_and_come_in_pairs_in_both_languages() -> None:
    for entry in CATALOGUE:
        for text in (entry.msgid, *words(entry)):
            plain = re.sub(r"<[^>]*>", "", text)
            assert '"' not in plain, text
            assert plain.count("“") == plain.count("”"), text
            assert not re.search(r"”[^“]*”|“[^”]*“", plain), text


def test_a_day_alone_has_no_hour() -> None:
    for code in ("en", "vi"):
        with override(code):
            assert ":" not in date_format(date(2026, 11, 2))
