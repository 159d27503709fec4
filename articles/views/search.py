"""Search: the articles of one language that have what was asked for, and the links by which to narrow that.

Of at most `finding.MOST` articles, so its pages are counted: they are in the order of how well they answer, and none
costs more than the first.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from articles import cleaning, finding, languages, terms, wording
from articles.addressing import url_in
from articles.finding import Match, Narrowed
from articles.terms import Query
from sources.naming import Named

from . import lists
from .editions import at_addresses

LONGEST_QUERY = 200
ASKED = ("q", "category", "source", "tier", "period", "page")
_NUMBER = re.compile(f"[0-9]{{1,{lists.LONGEST_NUMBER}}}")
_PERIOD = re.compile("([12][0-9]{3})(?:-(0[1-9]|1[0-2]))?")


@dataclass(frozen=True, slots=True)
class Choice:
    """A link that narrows a search; of what narrows it now, the link that takes it away."""

    text: str
    language: str
    url: str
    chosen: bool


@require_safe
@conditional_page
def search(request: HttpRequest) -> HttpResponse:
    """Raises Http404 on what no link here says."""
    language = request.LANGUAGE_CODE
    query = terms.query(cleaning.line(request.GET.get("q", ""))[:LONGEST_QUERY])
    narrowed, page = _narrowed(request.GET), _number(request.GET.get("page") or "1")
    asked = ({"q": query.text} if query.text else {}) | _asked(narrowed)
    context: dict[str, object] = {
        "query": query.text,
        "narrowed": bool(asked.keys() - {"q"}),
        "most": finding.MOST,
        **at_addresses(request, {code: _url(url_in(code, "search"), asked) for code, _name in settings.LANGUAGES}),
    }
    if not query.parts:
        context["sections"] = [
            (row.named(language), row.address(language)) for row in finding.sections(language) if row.address(language)
        ]
        return lists.page(request, "search", context)
    matches = finding.find(query, language, narrowed)
    if not matches:
        return lists.page(request, "search", context | {"matches": 0, **_elsewhere(query, language)})
    shown = matches[: finding.MOST]
    here = shown[(page - 1) * lists.LENGTH : page * lists.LENGTH]
    found = {
        "matches": len(shown),
        "more": len(matches) > finding.MOST,
        "hits": finding.hits(query, here, language),
        "groups": _groups(shown, asked, narrowed, language),
        "page": page,
        "before": _url(request.path, asked | ({"page": str(page - 1)} if page > 2 else {})) if page > 1 else "",
        "after": _url(request.path, asked | {"page": str(page + 1)}) if len(shown) > page * lists.LENGTH else "",
    }
    return lists.page(request, "search", context | found)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Http404
    return int(text)


def _narrowed(asked: Mapping[str, str]) -> Narrowed:
    """Raises Http404 on what is no number and no period."""
    numbers = {name: _number(asked[name]) for name in ("category", "source", "tier") if asked.get(name)}
    period = _PERIOD.fullmatch(asked.get("period", ""))
    if asked.get("period") and not period:
        raise Http404
    return Narrowed(**numbers, period=tuple(int(part) for part in period.groups() if part) if period else ())


def _asked(narrowed: Narrowed) -> dict[str, str]:
    """`_narrowed`, the other way round."""
    numbers = {name: getattr(narrowed, name) for name in ("category", "source", "tier")}
    told = {name: str(number) for name, number in numbers.items() if number is not None}
    return told | ({"period": _said(narrowed.period)} if narrowed.period else {})


def _url(path: str, asked: dict[str, str]) -> str:
    """One address for one search, in whatever order it was narrowed."""
    return f"{path}?{urlencode([(name, asked[name]) for name in ASKED if name in asked])}" if asked else path


def _groups(
    matches: list[Match], asked: dict[str, str], narrowed: Narrowed, language: str
) -> list[tuple[str, list[Choice]]]:
    """What the matches can be narrowed to: a choice that leaves nothing out is none."""
    options: list[tuple[str, str, list[tuple[str, Named]]]] = [
        ("category", _("Category"), [(str(number), name) for number, name in finding.categories(matches)]),
        (
            "source",
            _("Source"),
            [(str(number), name) for number, name in finding.sources(matches, language, narrowed.source)],
        ),
        ("tier", _("Best source"), [(str(tier), _tier(tier, language)) for tier in finding.tiers(matches)]),
        ("period", _("Published"), [(_said(each), _period(each, language)) for each in finding.periods(matches)]),
    ]
    groups, path = [], reverse("articles:search")
    for name, label, found in options:
        others = {key: value for key, value in asked.items() if key != name}
        if name not in asked:
            choices = [Choice(*said, _url(path, others | {name: value}), chosen=False) for value, said in found]
        else:
            said = _period(narrowed.period, language) if name == "period" else dict(found)[asked[name]]
            choices = [Choice(*said, _url(path, others), chosen=True)]
        if name in asked or len(choices) > 1:
            groups.append((label, choices))
    return groups


def _tier(tier: int, language: str) -> Named:
    return Named(capfirst(wording.tier(tier)), language)


def _said(period: tuple[int, ...]) -> str:
    return "-".join(f"{part:02}" for part in period)


def _period(period: tuple[int, ...], language: str) -> Named:
    if len(period) == 1:
        return Named(str(period[0]), language)
    year, month = period
    return Named(capfirst(date_format(date(year, month, 1), "YEAR_MONTH_FORMAT")), language)


def _elsewhere(query: Query, language: str) -> dict[str, object]:
    """Where the same, or less of it, finds something."""
    others = [code for code, _name in settings.LANGUAGES if code != language and finding.finds_any(query, code)]
    shorter = query.shorter if finding.finds_any(terms.query(query.shorter), language) else ""
    return {
        "others": [
            (code, languages.own_name(code), _url(url_in(code, "search"), {"q": query.text})) for code in others
        ],
        "shorter": shorter and (shorter, _url(reverse("articles:search"), {"q": shorter})),
    }
