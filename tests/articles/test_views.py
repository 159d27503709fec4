"""The readers' pages, asked as a reader asks: what they say, what they never say, and what they cost.

English is what the templates say; Vietnamese is asked of the catalogue.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver, reverse
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext, ngettext, override, pgettext

from articles import cards, cleaning, refusing, urls, workflow
from articles.kinds import Kind
from articles.languages import LOCALES
from articles.models import Address, Article, Author, Category, Publication, Version, WorkingLanguage
from articles.views.lists import LENGTH
from newsroom.page_cache import cache
from sources.models import Source, SourceAssessment
from tests import factories
from tests.factories import Desk

pytestmark = pytest.mark.django_db

LANGUAGES = ["vi", "en"]
HOST = "http://testserver"
EN, VI = "/en/articles/headline-alpha/", "/vi/articles/tieu-de-alpha/"
INLINE = {"a", "span", "mark", "strong", "em", "sup", "time", "q", "cite", "ins", "del", "code", "svg", "rect"}
VOID = {"meta", "link", "br", "input", "img", "source"}


# --- reading a page ----------------------------------------------------------------------------------

Attributes = dict[str, str | None]


class Page(HTMLParser):
    """Its elements in order and its text, both with where they stand. Every element is closed in its turn."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[tuple[str, set[str]]] = []
        self.elements: list[tuple[str, Attributes, set[str]]] = []
        self.text: list[tuple[set[str], str]] = []
        html = response.content.decode()
        assert html.startswith("<!DOCTYPE html>\n")
        self.feed(html)
        self.close()
        assert self.open == []

    @property
    def place(self) -> set[str]:
        """Tags, .classes and #ids of what is open."""
        return {mark for _tag, marks in self.open for mark in marks}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute of <{tag}> is there twice"
        self.elements.append((tag, dict(attrs), self.place))
        self._block(tag)
        if tag not in VOID:
            named = dict(attrs)
            classes = {f".{name}" for name in (named.get("class") or "").split()}
            self.open.append((tag, {tag, f"#{named.get('id')}", *classes}))

    def handle_endtag(self, tag: str) -> None:
        assert tag not in VOID
        assert self.open.pop()[0] == tag
        self._block(tag)

    def handle_data(self, data: str) -> None:
        self.text.append((self.place, data))

    def _block(self, tag: str) -> None:
        if tag not in INLINE:
            self.text.append((self.place, "\x00"))

    def said(self, within: str = "body") -> list[str]:
        """The text within the elements of this mark, a line for each block."""
        text = "".join(text if within in place else "\x00" for place, text in self.text)
        return [said for line in text.split("\x00") if (said := " ".join(line.split()))]

    def all(self, tag: str, **wanted: str) -> list[Attributes]:
        """The attributes of each `tag` that has these."""
        found = [attrs for name, attrs, _place in self.elements if name == tag]
        return [attrs for attrs in found if wanted.items() <= attrs.items()]

    @property
    def editions(self) -> list[tuple[str | None, str | None]]:
        """The page in each language, as the head names them: language and address."""
        return [(each["hreflang"], each["href"]) for each in self.all("link", rel="alternate") if "hreflang" in each]

    def within(self, mark: str) -> list[tuple[str, Attributes]]:
        return [(tag, attrs) for tag, attrs, place in self.elements if mark in place]


def read(client: Client, path: str, **headers: str) -> Page:
    response = client.get(path, headers=headers)
    assert response.status_code == 200, path
    return Page(response)


def say(sentence: str, **values: object) -> str:
    """As the active language says it."""
    return gettext(sentence) % values if values else gettext(sentence)


def footer() -> list[str]:
    """What stands below every page, after its sentence."""
    links = ("Method", "Corrections", "About", "Archive", "The record")
    return [*map(say, links), f"{say('Feeds')} (Atom, RSS, JSON)"]


def minutes(count: int) -> str:
    return ngettext("%(minutes)s min read", "%(minutes)s min read", count) % {"minutes": count}


def voices(count: int) -> str:
    return ngettext("%(count)d independent source", "%(count)d independent sources", count) % {"count": count}


def day(at: datetime) -> str:
    return date_format(localtime(at), "DATE_FORMAT")


def moment(at: datetime, language: str) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT") + ("" if language == "vi" else " (UTC+7)")


# --- everything that is public -----------------------------------------------------------------------


def slugs() -> list[str]:
    """Every slug that any row holds, public or not, and one that none does."""
    held = [getattr(article, f"slug_{code}") for article in Article.objects.all() for code in LANGUAGES]
    rows = (Version.objects.values_list("slug", flat=True), Address.objects.values_list("slug", flat=True))
    return sorted({"nothing-here", *filter(None, held), *(slug for row in rows for slug in row)})


def versions() -> list[dict[str, Any]]:
    """At every slug every number that any version of its article has, and one on either side that none has."""
    held: dict[str, int] = dict.fromkeys(slugs(), 0)
    for article in Article.objects.all():
        newest = max(article.versions.values_list("number", flat=True), default=0)
        of_it = {getattr(article, f"slug_{code}") for code in LANGUAGES}
        of_it |= {*article.versions.values_list("slug", flat=True), *article.addresses.values_list("slug", flat=True)}
        held |= {slug: max(held[slug], newest) for slug in of_it if slug}
    return [{"slug": slug, "number": number} for slug, newest in held.items() for number in range(newest + 2)]


Every = Callable[[], list[dict[str, Any]]]
LISTED: dict[str, Every] = {
    "category": lambda: [
        {"slug": slug}
        for slug in ["nothing", *(each.address(code) for each in Category.objects.all() for code in LANGUAGES)]
    ],
    "author": lambda: [{"slug": slug} for slug in ["nothing", *Author.objects.values_list("slug", flat=True)]],
    "corrections": lambda: [{}],
}
ARGUMENTS: dict[str, Every] = {
    "home": lambda: [{}],
    "article": lambda: [{"slug": slug} for slug in slugs()],
    "record": lambda: [{"slug": slug} for slug in slugs()],
    "history": lambda: [{"slug": slug} for slug in slugs()],
    "version": versions,
    "version-record": versions,
    "card": lambda: [{"slug": slug, "key": "0" * 12} for slug in slugs()],  # no picture: those, test_cards tells
    "about-index": lambda: [{}],
    "about": lambda: [{"slug": slug} for slug in slugs()],
    "category": LISTED["category"],
    "category-by-number": lambda: [{"pk": pk} for pk in [0, *Category.objects.values_list("pk", flat=True)]],
    "author": LISTED["author"],
    "author-by-number": lambda: [{"pk": pk} for pk in [0, *Author.objects.values_list("pk", flat=True)]],
    "archive": lambda: [{}],
    "month": lambda: [{"start": date(2020, 2, 1)}, {"start": localtime().date()}],
    "corrections": LISTED["corrections"],
    "sources": lambda: [{}],
    "source-by-number": lambda: [{"pk": pk} for pk in [0, *Source.objects.values_list("pk", flat=True)]],
    "source": lambda: [{"slug": slug} for slug in ["nothing", *Source.objects.values_list("slug", flat=True)]],
    "search": lambda: [{}],
    "confidence": lambda: [{}],
    "ledger": lambda: [{}],
    "manifest": lambda: [{}],
    "feed-atom": lambda: [{}],
    "feed-rss": lambda: [{}],
    "feed-json": lambda: [{}],
    **{f"{name}-feed-{form}": every for name, every in LISTED.items() for form in ("atom", "rss", "json")},
    "preview": lambda: [{"token": token} for token in ("nothing", "0:0", f"{'0' * 32}:nothing")],
}


# Outside of any language, for machines.
PICTURES = [  # no pages: test_lead_pictures.py
    "pictures/<slug:sha256>/<int:x>-<int:y>-<int:width>.<slug:file_format>",
    "pictures/<slug:sha256>/<int:x>-<int:y>-<slug:ratio>-<int:width>.<slug:file_format>",
]
WATCHING = ["healthz", "readyz", "metrics", "policy-report"]  # no pages either: test_health.py, test_reports.py
OUTSIDE = {
    "robots.txt": "robots.txt",
    ".well-known/security.txt": ".well-known/security.txt",
    "trust.txt": "trust.txt",
    "favicon.ico": "favicon.ico",
    "sitemap.xml": "sitemap.xml",
    "sitemap-<int:page>.xml": "sitemap-1.xml",
    "news-sitemap.xml": "news-sitemap.xml",
}


def public_paths() -> list[str]:
    """Every address a reader can ask for, of every page in both languages."""
    paths = [
        "/",
        "/nothing/",
        "/vi/nothing/",
        "/en/nothing/",
        "/i18n/setlang/",
        *(f"/{path}" for path in OUTSIDE.values()),
    ]
    for pattern in urls.urlpatterns:
        for code in LANGUAGES:
            for arguments in ARGUMENTS[pattern.name]():
                with override(code):
                    paths.append(reverse(f"articles:{pattern.name}", kwargs=arguments))
    return [*paths, *(f"/{code}/search/?q=headline" for code in LANGUAGES)]


def test_every_public_address_is_walked_here() -> None:
    """A new page is in none of these tests until it stands in ARGUMENTS, or at the door, and then this one tells."""
    with override("en"):
        roots = {str(pattern.pattern): pattern for pattern in get_resolver().url_patterns}
        assert [*roots] == ["", *OUTSIDE, *PICTURES, *WATCHING, "admin/running/", "admin/", "accounts/", "i18n/", "en/"]
        assert [each.urlconf_module for each in roots["en/"].url_patterns] == [urls]  # type: ignore[union-attr]
    assert {pattern.name for pattern in urls.urlpatterns} == ARGUMENTS.keys()


def test_the_walk_reaches_pages_of_both_languages(desk: Desk) -> None:
    factories.published(factories.article(desk.an), desk=desk)
    assert {"/", "/vi/", "/en/", EN, VI, "/vi/articles/headline-alpha/"} <= set(public_paths())


# --- what an article's page says ---------------------------------------------------------------------

OPENING = '<p>Opening.<sup data-cite="1">[1]</sup></p><h2>One</h2><p>First.</p><h2>Two</h2><ul><li>Second.</li></ul>'


@pytest.fixture
def model(desk: Desk) -> Publication:
    """The page that all is modelled on: one post of a tier 1 author, approved by somebody with a public name."""
    article = factories.article(desk.an, body_en=OPENING, body_vi=OPENING)
    source = factories.source("wolf", name_en="Thomas Wolf", name_vi="Thomas Wolf", by=desk.chi)
    factories.cite(
        article, desk.an, source, url="https://x.com/Thom_Wolf/status/1", title="A post", title_language="en"
    )
    factories.author("Binh Tran", user=desk.binh)
    factories.published(article, "vi", desk=desk)
    return factories.published(article, desk=desk)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_article_says_all_it_stands_on_in_this_order(model: Publication, client: Client, language: str) -> None:
    publication = Publication.objects.for_readers().get(article=model.article_id, language=language)
    version, approval, published = publication.live, publication.live_approval, publication.first_published
    assert version is not None
    assert approval is not None
    assert published is not None
    page = read(client, {"vi": VI, "en": EN}[language])
    with override(language):
        assert page.said() == [
            say("Skip to main content"),
            "Newsroom", say("Sources"), say("How we compute confidence"), say("Search"), "Tiếng Việt",
            "English",
            f"← {say('Back to home')} {version.category_name} · {minutes(1)}",
            version.headline,
            version.summary,
            f"{say('By %(names)s', names='Mai Lan')} · {say('Published')} {moment(published, language)}",
            say("Tier %(best)s · sources", best=1),
            say("authoritative: first-hand or with a long clean record"),
            f"{say('first-hand')}, {voices(1)}",
            say("%(percent)s%% confidence", percent=58),
            f"{say('likely to hold')}, 51–64%",
            say("thin evidence"),
            say("Reviewed"),
            f"{pgettext('reviewed', 'by %(name)s') % {'name': 'Binh Tran'}}, {day(approval.at)}",
            say("exactly these words"),
            f"{say('Sources:')} x.com (Thomas Wolf)",
            f"{say('A note from the desk.')} Fine.",
            say("Why %(percent)s%%?", percent=58),
            f"{say('The claim:')} {version.headline}",
            " ".join([
                say("We put the chance that this claim will stand, without a substantive correction, at %(percent)d%%.",
                    percent=58),
                say("If its sources are more or less reliable than their records say, it could be anything from "
                    "%(low)s to %(high)s%%.", low=51, high=64),
                say("It rests on %(basis)s.", basis=say("thin evidence")),
            ]),
            say("How the number comes about"),
            say("Source"), say("Points"),
            say("Start: any claim before its sources"), "33",
            f"[1] {say('tier %(tier)d', tier=1)}, {say('first-hand')}, {say('not yet verified by us')}", "+25",
            say("Confidence"), "58%",
            say("What would change it:"),
            f"58 → 83% {say('if we verify source %(number)d', number=1)}",
            f"58 → 70% {say('if an independent tier 1 source confirms it')}",
            f"58 → 33% {say('if an independent tier 1 source contradicts it')}",
            say("Computed from the citations by policy %(policy)s; nobody can type a number.", policy="2026.1"),
            "Opening.[1]", "One", "First.", "Two", "Second.",
            say("Sources"),
            f"A post · Thomas Wolf · x.com {say('first-hand')} · {say('tier %(tier)d', tier=1)}: "
            f"{say('authoritative: first-hand or with a long clean record')} · {say('not yet verified by us')} "
            f"· {say('about this source')}",
            say("Published record"),
            say("Version"), "1",
            say("Words"), f"SHA-256 {version.computed_digest()}",
            say("Approved"), moment(approval.at, language),
            say("Corrections"), say("none so far"),
            say("History"), say("Every version, and what changed in it"),
            say("Machines"), say("no machine took part"),
            say("Check it yourself"), say("All that the number and the digest are made of (JSON)"),
            say("%(site_name)s shows for every article what it stands on, how confident we are and why, and who "
                "reviewed exactly these words.", site_name="Newsroom"),
            *footer(),
        ]  # fmt: skip


def test_the_english_page_says_the_facts_of_the_brief(model: Publication, client: Client) -> None:
    """Word for word, past any catalogue."""
    page = read(client, EN)
    assert page.all("html") == [{"lang": "en"}]
    assert [said for said in page.said(".facts") if said in {"Tier 1 · sources", "58% confidence", "Reviewed"}] == [
        "Tier 1 · sources",
        "58% confidence",
        "Reviewed",
    ]
    assert page.said("summary") == ["Why 58%?"]
    assert page.said(".hosts") == ["Sources: x.com (Thomas Wolf)"]


@pytest.mark.parametrize(("language", "path"), [("vi", VI), ("en", EN)])
def test_the_skip_link_comes_first_and_moves_the_focus(
    model: Publication, client: Client, language: str, path: str
) -> None:
    page = read(client, path)
    assert page.all("html") == [{"lang": language}]
    first = next((tag, attrs) for tag, attrs in page.within("body") if tag in {"a", "button", "input", "summary"})
    assert first == ("a", {"class": "skip-link", "href": "#main"})
    assert page.all("main") == [{"id": "main", "tabindex": "-1"}]
    with override(language):
        assert page.said(".skip-link") == [say("Skip to main content")]
    assert (page.said(".skip-link") == ["Skip to main content"]) == (language == "en")


@pytest.mark.parametrize("path", [EN, VI])
def test_a_page_has_one_first_heading_and_its_sections_below_it(model: Publication, client: Client, path: str) -> None:
    page = read(client, path)
    assert [tag for tag, _attrs, _place in page.elements if re.fullmatch("h[1-6]", tag)] == ["h1", *["h2"] * 4]
    assert page.said("h2")[:2] == ["One", "Two"]


def test_every_link_within_the_page_leads_to_something_on_it(model: Publication, client: Client) -> None:
    page = read(client, EN)
    ids = [attrs["id"] for _tag, attrs, _place in page.elements if attrs.get("id")]
    assert len(ids) == len(set(ids))
    targets = {str(attrs["href"]) for attrs in page.all("a") if str(attrs["href"]).startswith("#")}
    assert targets == {"#main", "#why", "#source-1"}
    assert targets <= {f"#{name}" for name in ids}


def test_the_points_of_the_rows_add_up_to_the_number(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an)
    for number, tier in enumerate([1, 2, 4, 1], 1):
        factories.cite(
            article, desk.an, factories.source(f"s{number}", tier), stance="contradicts" if number == 4 else "supports"
        )
    factories.published(article, desk=desk)
    page = read(client, EN)
    *points, total = [said for said in page.said(".workings") if re.fullmatch(r"[+−]?\d+%?", said)]
    assert len(points) == 5
    assert f"{sum(int(point.replace('−', '-')) for point in points)}%" == total
    assert page.said(".facts")[3] == f"{total} confidence"


OPEN_GRAPH = {
    language: {
        "og:type": "article",
        "og:site_name": "Newsroom",
        "og:locale": own,
        "og:locale:alternate": other,
        "og:image:type": "image/png",
        "og:image:width": "1200",
        "og:image:height": "630",
        "twitter:card": "summary_large_image",
    }
    for language, own, other in (("vi", "vi_VN", "en_GB"), ("en", "en_GB", "vi_VN"))
}


@pytest.mark.parametrize(("language", "path"), [("vi", VI), ("en", EN)])
def test_the_head_names_the_page_and_its_translations(
    model: Publication, client: Client, language: str, path: str
) -> None:
    page, version = read(client, path), Version.objects.get(language=language)
    publication = Publication.objects.for_readers().get(language=language)
    published, drawn = publication.first_published, cards.card(publication.reading())
    assert published is not None
    assert page.said("title") == [f"{version.headline} · Newsroom"]
    assert page.all("link", rel="canonical") == [{"rel": "canonical", "href": HOST + path}]
    assert page.editions == [
        ("vi", HOST + VI),
        ("en", HOST + EN),
        ("x-default", HOST + VI),  # published first
    ]
    assert {str(each.get("name") or each.get("property")): each["content"] for each in page.all("meta")[1:]} == {
        "viewport": "width=device-width, initial-scale=1",
        "color-scheme": "light dark",
        "description": version.summary,
        **OPEN_GRAPH[language],
        "og:title": version.headline,
        "og:description": version.summary,
        "og:url": HOST + path,
        "og:image": f"{HOST}{path}card-{cards.key(drawn)}.png",
        "og:image:alt": cards.alt(drawn),
        "article:published_time": localtime(published).isoformat(timespec="seconds"),
        "article:modified_time": localtime(published).isoformat(timespec="seconds"),
        "article:section": version.category_name,
    }


def test_the_first_published_language_is_the_default(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an)
    factories.published(article, "en", desk=desk)
    factories.published(article, "vi", desk=desk)
    for path in (EN, VI):
        assert read(client, path).all("link", hreflang="x-default")[0]["href"] == HOST + EN


def test_the_review_note_is_shown_and_where_there_is_none_no_box(desk: Desk, client: Client) -> None:
    for marker, note in (("Alpha", "Why it may\nbe published."), ("Beta", "")):
        article = factories.article(desk.an, marker)
        factories.cite(article, desk.an)
        publication = factories.in_review(article, desk=desk)
        factories.approve(publication, desk=desk, note=note)
        workflow.publish(publication, by=desk.chi, version=1)
    assert read(client, EN).said(".notice") == ["A note from the desk. Why it may be published."]
    assert read(client, "/en/articles/headline-beta/").all("div", **{"class": "notice"}) == []


def test_a_verification_is_told_with_its_public_name(desk: Desk, client: Client) -> None:
    factories.author("Binh Tran", user=desk.binh)
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    publication = factories.in_review(article, desk=desk)
    workflow.verify(publication, by=desk.binh, version=1, number=1, checked="Read the original.")
    factories.approve(publication, desk=desk)
    workflow.publish(publication, by=desk.chi, version=1)
    page = read(client, EN)
    [listed] = [said for said in page.said(".source-list") if "verified" in said]
    assert re.search(r" · verified \d+ \w+ \d{4} by Binh Tran · about this source$", listed)
    assert page.said(".facts")[3] == "83% confidence"


def test_an_account_is_never_named(desk: Desk, client: Client) -> None:
    """Not by whoever wrote, submitted, verified, approved or published: public names are those of authors."""
    people = {
        name: factories.user(f"{name}-account", group, first_name=f"{name}-first")
        for name, group in (("writer", "Editors"), ("reviewer", "Reviewers"), ("publisher", "Publishers"))
    }
    article = factories.article(people["writer"])
    factories.cite(article, people["writer"])
    workflow.submit(article, "en", by=people["writer"])
    publication = Publication.objects.get()
    workflow.verify(publication, by=people["reviewer"], version=1, number=1, checked="Read it.")
    workflow.approve(publication, by=people["reviewer"], seen=factories.seen(publication))
    workflow.publish(publication, by=people["publisher"], version=1)
    for path in public_paths():
        html = client.get(path).content.decode().lower()
        assert not re.search("-account|-first", html), path
    assert read(client, EN).said(".facts")[7].startswith("by a reviewer of this desk, ")


# --- every badge on a page ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Badge:
    """What a page of these citations says. `tier` 0: no sources; `state`: in place of a number."""

    citations: tuple[dict[str, Any], ...]
    tier: int | None
    percent: int | None = None
    basis: str = ""
    state: str = ""
    kind: Kind = Kind.NEWS


FOR, AGAINST = {"tier": 1}, {"tier": 1, "stance": "contradicts"}
CHECKED = {"tier": 1, "verified": True}
BADGES = {
    "thin": Badge((FOR,), 1, 58, "thin evidence"),
    "moderate": Badge((FOR, FOR), 1, 70, "moderate evidence", kind=Kind.ANALYSIS),
    "solid": Badge((CHECKED, CHECKED, CHECKED, CHECKED | {"tier": 2}), 1, 97, "solid evidence", kind=Kind.EXPLAINER),
    "tier 4": Badge(({"tier": 4},), 4, 33, "no evidence that moves it"),
    "unsourced": Badge((), 0, state="Unsourced"),
    "context only": Badge((FOR | {"stance": "context"},), 0, state="Unsourced"),
    "not rated": Badge(({"tier": None},), None, state="Not rated"),
    "contradicted": Badge((AGAINST,), 0, 15, "no evidence that moves it"),
    "disputed": Badge((FOR, AGAINST), 1, 33, "thin evidence"),
    "opinion": Badge((FOR,), 1, kind=Kind.OPINION),
    "press release": Badge((FOR,), 1, kind=Kind.PRESS_RELEASE),
}


def publish(desk: Desk, badge: Badge, language: str) -> None:
    article = factories.article(desk.an, kind=badge.kind)
    for number, spec in enumerate(badge.citations, 1):
        source = factories.source(f"s{number}", spec["tier"])
        factories.cite(article, desk.an, source, stance=spec.get("stance", "supports"))
    publication = factories.in_review(article, language, desk=desk)
    for number, spec in enumerate(badge.citations, 1):
        if spec.get("verified"):
            workflow.verify(publication, by=desk.binh, version=1, number=number, checked="Read it.")
    factories.approve(publication, desk=desk)
    workflow.publish(publication, by=desk.chi, version=1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BADGES)
def test_every_badge_is_shown_as_it_is(desk: Desk, client: Client, name: str, language: str) -> None:
    badge = BADGES[name]
    publish(desk, badge, language)
    page, home = read(client, {"vi": VI, "en": EN}[language]), read(client, f"/{language}/")
    with override(language):
        tier, tier_in_short = {
            0: (say("No sources"), say("No sources")),
            None: (say("Not rated · sources"), capfirst(say("not rated"))),
        }.get(badge.tier) or (
            say("Tier %(best)s · sources", best=badge.tier),
            capfirst(say("tier %(tier)d", tier=badge.tier)),
        )
        if badge.percent:
            number = short = say("%(percent)s%% confidence", percent=badge.percent)
            why = [say("Why %(percent)s%%?", percent=badge.percent)]
        elif badge.state:
            number = short = say(badge.state)
            why = [say(f"Why {badge.state.lower()}?")]
        else:
            number, short, why = say("No confidence shown"), capfirst(str(badge.kind.label)), []
        assert page.said("dt")[:3] == [tier, number, say("Reviewed")]
        assert home.said(".short-facts") == list(dict.fromkeys([tier_in_short, short, say("Reviewed")]))
        assert page.said("summary") == why
        assert (say(badge.basis) if badge.basis else "-") in [*page.said(".facts"), "-"]
    assert len(page.all("svg")) == (1 if badge.percent else 0)
    assert page.all("details") == ([{"class": "why"}] if why else [])


# --- what a page costs -------------------------------------------------------------------------------

WRITES = re.compile(r"(?!\s*\(*(SELECT|SAVEPOINT|RELEASE)\b)|.*\bFOR UPDATE\b", re.DOTALL)
PUBLIC_TABLES = {
    "articles_publication", "articles_publishedpolicy", "articles_version", "articles_versionsource",
    "articles_reviewstatus", "articles_verdict", "articles_versionauthor", "articles_author", "articles_category",
    "articles_correction", "articles_searchentry", "articles_searchwords", "articles_authorslug",
    "articles_categoryslug", "sources_source", "sources_sourceslug", "sources_sourceassessment",
    "sources_sourceoutcome", "articles_address", "articles_invalidation",
    "articles_photo", "articles_photofile", "articles_rendition",  # portraits of authors, and what of a picture is made
}  # fmt: skip
CACHING = {"Cache-Control", "ETag", "Vary", "Content-Length"}  # what only a page for everybody says of itself


STAMP = "SELECT articles_invalidation"  # the one statement whose text PostgreSQL keeps, and Django does not tell


@contextmanager
def asked() -> Iterator[list[str]]:
    """The statements of the block."""
    statements: list[str] = []
    with CaptureQueriesContext(connection) as queries:
        yield statements
    statements += [query["sql"] or STAMP for query in queries]


def tables(statements: list[str]) -> set[str]:
    """Every table that the statements name."""
    names = connection.introspection.table_names()
    return {name for name in names for sql in statements if re.search(rf'(?<![\w."]){name}(?!\w)|"{name}"', sql)}


def made_anew(client: Client, path: str, status: int = 200) -> list[str]:
    """What is asked to make the page anew, but for the one query whether that is needed."""
    cache.clear()
    process = Client()  # with no page at hand
    process.cookies = client.cookies
    with asked() as statements:
        assert process.get(path).status_code == status
    assert not any(WRITES.match(sql) for sql in statements)
    return [sql for sql in statements if "articles_invalidation" not in sql]


def queries_of(client: Client, path: str) -> int:
    return len(made_anew(client, path))


def apart(response: HttpResponse) -> dict[str, str]:
    """The headers of a page apart from those by which it is kept."""
    return {name: value for name, value in response.headers.items() if name not in CACHING}


@pytest.mark.parametrize("count", [1, 6, 30])
def test_an_article_costs_one_query_however_much_it_cites(desk: Desk, client: Client, count: int) -> None:
    article = factories.article(desk.an)
    for number in range(count):
        factories.cite(article, desk.an, factories.source(f"s{number}"))
    factories.published(article, desk=desk)
    foreign = queries_of(client, "/vi/articles/headline-alpha/")
    own = queries_of(client, EN)
    factories.published(article, "vi", desk=desk)
    assert (own, foreign, queries_of(client, EN), queries_of(client, VI)) == (1, 1, 1, 1)
    assert len(read(client, EN).within(".source-list")) > count


def test_home_costs_one_query_however_many_articles_there_are(desk: Desk, client: Client) -> None:
    def publish(number: int) -> None:
        article = factories.article(desk.an, f"Alpha {number}")
        factories.cite(article, desk.an)
        factories.published(article, desk=desk)

    publish(0)
    one = queries_of(client, "/en/")
    for number in range(1, LENGTH + 1):
        publish(number)
    assert (one, queries_of(client, "/en/")) == (1, 1)
    assert read(client, "/en/").said("h2") == [f"Headline Alpha {number}" for number in range(LENGTH, 0, -1)]


def test_the_check_for_writing_finds_writing(desk: Desk) -> None:
    with asked() as statements:
        Author.objects.create(name="An", slug="an")
        Author.objects.filter(slug="an").update(name="Ân")
        WorkingLanguage.objects.create(user=desk.an, language="en").delete()
        list(Author.objects.all())
    assert {sql.split()[0] for sql in statements if WRITES.match(sql)} == {"INSERT", "UPDATE", "DELETE"}


def test_no_public_page_reads_the_working_copy_writes_anything_or_sets_a_cookie(
    desk: Desk, client: Client, signed_in: Any
) -> None:
    """Nor does it read anything else that an edit could change before somebody approves it."""
    everything(desk)
    paths = public_paths()
    for reader in (client, signed_in(desk.an)):
        with asked() as statements:
            answers = {path: reader.get(path) for path in paths}
            if reader is client:
                answers |= {f"HEAD {path}": reader.head(path) for path in paths}
        assert [sql for sql in statements if WRITES.match(sql)] == []
        assert [path for path, answer in answers.items() if answer.cookies or "Set-Cookie" in answer] == []
        stamps = set() if reader is client else {"articles_address", "articles_invalidation"}  # staff have no cache
        assert tables(statements) == PUBLIC_TABLES - stamps
        assert not any(re.search(r"articles_article(?!_|\w)", sql) for sql in statements)


@pytest.mark.parametrize(
    "reading",
    [
        lambda: Article.objects.filter(pk=1),
        lambda: Publication.objects.live().for_readers().select_related("article"),
        lambda: Publication.objects.filter(article__headline_en="a"),
        lambda: Version.objects.filter(article__slug_en="a"),
        lambda: Article.objects.values("pk"),
    ],
)
def test_the_check_for_the_working_copy_finds_it(desk: Desk, reading: Callable[[], Any]) -> None:
    with asked() as statements:
        list(reading())
    assert "articles_article" in tables(statements)
    assert any(re.search(r"articles_article(?!_|\w)", sql) for sql in statements)


@pytest.mark.parametrize("path", ["/vi/", "/en/", EN, VI, "/vi/articles/headline-alpha/"])
def test_head_is_get_without_the_words(model: Publication, client: Client, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert (head.status_code, head.content) == (get.status_code, b"")
    assert dict(head.headers) == dict(get.headers)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("path", ["/vi/", "/en/", EN, "/en/articles/nothing/"])
def test_pages_are_only_read(model: Publication, client: Client, path: str, method: str) -> None:
    with asked() as statements:
        response = getattr(client, method)(path, {"status": "live", "headline": "x"})
    assert (response.status_code, response["Allow"], statements) == (405, "GET, HEAD", [])


# --- what readers never see --------------------------------------------------------------------------

WORDS = ("headline", "summary", "body", "claim", "translator")


def marked(desk: Desk, marker: str, **fields: Any) -> Article:
    """An article whose every English word carries `marker`, its citation too."""
    words = {f"{name}_en": f"{name} {marker}" for name in WORDS}
    article = factories.article(desk.an, f"Alpha {marker}", **{**words, **fields})
    source = factories.source(f"src-{marker.lower()}", None, name_en=f"Source {marker}")  # a tier lists it publicly
    factories.cite(article, desk.an, source, **cited(marker))
    return article


def cited(marker: str) -> dict[str, str]:
    return {
        "url": f"https://{marker.lower()}.example/{marker}",
        "title": f"Title {marker}",
        "quote": f"Quote {marker}",
        "locator": f"p. {marker}",
        "archive_url": f"https://archive.example/{marker}",
    }


def edit(article: Article, desk: Desk, marker: str) -> None:
    """Every word of both languages, the slugs and the citation are changed; another citation is added."""
    row = Article.objects.get(pk=article.pk)
    for code in LANGUAGES:
        for name in WORDS:
            setattr(row, f"{name}_{code}", f"{name} {marker}")
        setattr(row, f"slug_{code}", f"slug-{marker.lower()}-{code}")
    row.kind, row.machine = "opinion", "generated"
    row.save(by=desk.dung)
    row.set_authors([factories.author(f"Author {marker}")], by=desk.dung)
    for citation in row.citations.all():
        for name, value in cited(marker).items():
            setattr(citation, name, value)
        citation.save(by=desk.dung)
    source = factories.source(f"new-{marker.lower()}", None, name_en=f"Source {marker}")
    factories.cite(row, desk.dung, source, **cited(marker))


def everything(desk: Desk) -> dict[str, str]:
    """An article in each state that no reader sees, and one that readers do. What it is → its marker."""
    made: dict[str, str] = {}

    def state(name: str, marker: str) -> str:
        made[name] = marker
        return marker

    marked(desk, state("never submitted", "Dorado"))

    in_review = factories.in_review(marked(desk, state("in review", "Fornax")), desk=desk)
    workflow.verify(in_review, by=desk.binh, version=1, number=1, checked="Checked Fornax.")

    sent_back = factories.in_review(marked(desk, state("changes requested", "Gemini")), desk=desk)
    workflow.request_changes(sent_back, by=desk.binh, version=1, note="Note Gemini.")

    recalled = factories.in_review(marked(desk, state("recalled", "Hydrus")), desk=desk)
    workflow.recall(recalled, by=desk.an, version=1, note="Note Hydrus.")

    approved = factories.in_review(marked(desk, state("approved, not published", "Indus")), desk=desk)
    factories.approve(approved, desk=desk, note="Note Indus.")

    taken_back = factories.in_review(marked(desk, state("approval taken back", "Lepus")), desk=desk)
    factories.approve(taken_back, desk=desk, note="Note Lepus.")
    workflow.take_back(taken_back, by=desk.binh, version=1, note="Note Lepus.")

    edited = factories.article(desk.an, "Edited")
    factories.cite(edited, desk.an)
    factories.published(edited, desk=desk)
    edit(edited, desk, state("edited after publication", "Musca"))

    again = factories.article(desk.an, "Again")
    factories.cite(again, desk.an)
    live = factories.published(again, desk=desk)
    edit(again, desk, state("in review behind a live one", "Norma"))
    workflow.submit(Article.objects.get(pk=again.pk), "en", by=desk.an)
    workflow.request_changes(live, by=desk.binh, version=2, note="Note Norma.")
    edit(again, desk, state("approved behind a live one", "Octans"))
    workflow.submit(Article.objects.get(pk=again.pk), "en", by=desk.an)
    factories.approve(live, desk=desk, note="Note Octans.")

    other = factories.article(
        desk.an,
        "Other",
        **{f"{name}_vi": f"{name} {state('the other language only', 'Pavo')}" for name in WORDS},
        slug_vi="slug-pavo",
    )
    factories.published(other, desk=desk)
    workflow.submit(other, "vi", by=desk.an)

    seen = marked(desk, state("published", "Volans"))
    factories.published(seen, desk=desk)
    return made


def test_what_is_not_published_is_found_on_no_page_of_any_language(desk: Desk, client: Client) -> None:
    markers = everything(desk)
    pages = {}
    for path in public_paths():
        response = client.get(path)
        pages[path] = unicodedata.normalize("NFC", response.content.decode() + repr(response.headers)).lower()
    found = {
        name: sorted(path for path, page in pages.items() if marker.lower() in page) for name, marker in markers.items()
    }
    source = Source.objects.get(slug="src-volans")
    cited_by_it = ("sources/", f"sources/number/{source.pk}/", "sources/src-volans/")
    story = "articles/headline-volans/"
    past = (f"{story}history/", f"{story}history/1/", f"{story}history/1/record.json")
    of_it = (story, "about/headline-volans/", f"{story}record.json", f"{story}card-{'0' * 12}.png", *past, *cited_by_it)
    lists = ("", "categories/technology/", "authors/mai-lan/", f"archive/{localtime():%Y/%m}/")
    lists += tuple(f"{of}feed.{form}" for of in ("", *lists[1:3]) for form in ("atom", "rss", "json"))
    lists += ("search/?q=headline",)
    once = ["/news-sitemap.xml", "/sitemap-1.xml", *(f"/en/{path}" for path in lists)]
    public = sorted([*once, *(f"/{code}/{path}" for code in LANGUAGES for path in of_it)])
    assert found == {name: public if name == "published" else [] for name in markers}


def test_the_address_of_what_is_not_published_answers_as_one_that_never_was(desk: Desk, client: Client) -> None:
    everything(desk)
    public = set(Publication.objects.live().values_list("live__slug", flat=True))
    hidden = [slug for slug in slugs() if slug not in public]
    assert len(hidden) > 15
    for code in LANGUAGES:
        unknown = client.get(f"/{code}/articles/never-was/")
        assert unknown.status_code == 404
        for slug in hidden:
            response = client.get(f"/{code}/articles/{slug}/")
            assert (response.status_code, response.content) == (404, unknown.content), slug
            assert dict(response.headers) == dict(unknown.headers), slug


def test_a_published_page_does_not_flinch_whatever_the_desk_does(desk: Desk, client: Client) -> None:
    """Words, addresses, citations, bylines, names, tiers, the next version and its approval: not a byte."""
    binh = factories.author("Binh Tran", user=desk.binh)
    article = marked(desk, "Volans")
    for code in LANGUAGES:
        factories.published(article, code, desk=desk)
    # The ledger tells of every step; the pages of sources, categories and authors tell of them as they are now, and
    # so does what a search can be narrowed to; the sitemap says when that was.
    now = re.compile("/(ledger|sources|categories|authors|search)/|^/sitemap-1.xml")
    paths = [path for path in public_paths() if not now.search(path)]
    before = {path: client.get(path).content for path in paths}

    edit(article, desk, "Musca")
    version = workflow.submit(Article.objects.get(pk=article.pk), "en", by=desk.an)
    live = refusing.publication_of(article, "en")
    workflow.verify(live, by=desk.binh, version=version.number, number=1, checked="Read Musca.")
    factories.approve(live, desk=desk, note="Musca.")
    Author.objects.filter(pk=binh.pk).update(name="Musca")
    Author.objects.filter(slug="mai-lan").update(name="Musca")
    Category.objects.update(name_vi="Musca", name_en="Musca", slug_en="musca")
    Source.objects.update(name_vi="Musca", name_en="Musca")
    SourceAssessment(
        source=Source.objects.get(slug="src-volans"), tier=4, assessor=desk.chi, review_by="2030-01-01"
    ).save()
    desk.binh.is_active = False
    desk.binh.save()
    Article.objects.get(pk=article.pk).citations.first().delete(by=desk.dung)  # type: ignore[union-attr]

    changed = [path for path in paths if client.get(path).content != before[path]]
    assert changed == []
    assert [path for path in paths if b"musca" in client.get(path).content.lower()] == []


# --- hostile words -----------------------------------------------------------------------------------

HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'><img src=x onerror=alert(1)>",
    '" autofocus onfocus="alert(1)" x="',
    "' onmouseover='alert(1)' x='",
    "<svg onload=alert(1)><animate onbegin=alert(1)>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mi><a xlink:href='javascript:alert(1)'>x</a></mi></math>",
    "<style>*{display:none}</style>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<template><script>alert(1)</script></template>",
    '<noscript><p title="</noscript><script>alert(1)</script>">',
    '<meta http-equiv=refresh content="0;url=//evil.example">',
    "<form action=//evil.example><form><input name=q><button>x</form>",
    "</q></div></main><base href=//evil.example>",
    "<!--",
    "--><!--><script>alert(1)</script>-->",
    "]]><![CDATA[<script>",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "{{ site_name }}{% debug %}{# x #}",
    "&lt;script&gt;alert(1)&lt;/script&gt;&quot; onload=&quot;x",
    "100% %s %(percent)s %%",
    "\\u003cscript\\u003e${alert(1)}",
]
STORY = ["/en/articles/the-story/", "/vi/articles/the-story/", "/en/", "/vi/articles/cau-chuyen/", "/vi/"]
STORY += [f"{STORY[0]}history/", f"{STORY[0]}history/1/"]


def publish_everywhere(desk: Desk, text: str) -> None:
    """Every text a desk can write is `text`, in both languages; addresses carry it where one may."""
    category, author = factories.category(), factories.author("The Author")
    category.name_en = category.name_vi = text
    category.save()
    author.name = text
    author.save()
    reviewer = factories.author("The Reviewer", user=desk.binh)
    reviewer.name = text
    reviewer.save()
    shown = {f"{name}_{code}": text for name in ("headline", "summary", "claim") for code in LANGUAGES}
    body = f'<p>Start.</p><p>{text}</p><h2>{text}</h2><p><a href="{text}">{text}</a><sup data-cite="1">{text}</sup></p>'
    article = factories.article(
        desk.an, slug_en="the-story", slug_vi="cau-chuyen", translator_en=text, translator_vi=text,
        body_en=body, body_vi=body, **shown,
    )  # fmt: skip
    article.set_authors([author], by=desk.an)
    source = factories.source("s1", name_en=text, name_vi=text)
    origin = factories.source("s2", name_en=text, name_vi=text)
    path = "".join(c for c in text.replace(" ", "+").replace("\\", "/") if c.isprintable())
    address = f"https://example.org/{path}"
    factories.cite(
        article, desk.an, source, url=address, title=text, quote=text, locator=text, archive_url=address,
        first_hand=False, origin=origin,
    )  # fmt: skip
    for code in LANGUAGES:
        publication = factories.in_review(article, code, desk=desk)
        workflow.verify(publication, by=desk.binh, version=1, number=1, checked=text)
        factories.approve(publication, desk=desk, note=text)
        workflow.publish(publication, by=desk.chi, version=1)


CARRY_WORDS = {("meta", "content"), ("time", "datetime")}
NUMBERED = re.compile(r"(?<=/number/)[0-9]+")  # by the database, which gives no number twice


def frame(page: Page) -> list[tuple[str, Attributes]]:
    """Every element outside the words, with its attributes: the values of those that carry words left out."""
    return [
        (
            tag,
            {
                name: None
                if (tag, name) in CARRY_WORDS or str(value).startswith("https://example.org/")
                else value and NUMBERED.sub("#", value)
                for name, value in attrs.items()
            },
        )
        for tag, attrs, place in page.elements
        if ".words" not in place
    ]


def pages_of(desk: Desk, client: Client, text: str) -> dict[str, Page]:
    """The pages of a desk that wrote nothing but `text`; then the desk never was."""
    with transaction.atomic():
        publish_everywhere(desk, text)
        pages = {path: Page(client.get(path, follow=True)) for path in STORY}
        transaction.set_rollback(True)
    return pages


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_reach_the_page_as_words_alone(desk: Desk, client: Client, text: str) -> None:
    harmless, hostile = pages_of(desk, client, "Word"), pages_of(desk, client, text)
    for path, page in hostile.items():
        assert frame(page) == frame(harmless[path]), path
        hold_to_the_templates(page)
    english = hostile[STORY[0]]
    shown = " ".join(text.split())
    assert english.said("h1") == english.said(".summary") == english.said("q") == [shown]
    assert english.said("title") == [f"{shown} · Newsroom"]
    assert english.all("meta", property="og:title") == [{"property": "og:title", "content": text}]
    assert english.said(".byline")[0].startswith(f"By {shown} · Published ")
    assert english.said(".hosts") == [f"Sources: example.org ({shown})"]
    assert english.said(".notice") == [f"A note from the desk. {shown}"]
    assert english.said(".crumbs") == [f"← Back to home {shown} · 1 min read"]
    assert hostile["/en/"].said("h2") == [shown]


def test_no_invisible_or_control_character_reaches_a_page(desk: Desk, client: Client) -> None:
    """Of the doors that a name or a note comes in by, none is forgotten."""
    publish_everywhere(desk, "A\u202e\u2066\u200b\u00ad\x07B")
    for path in STORY:
        html = client.get(path, follow=True).content.decode()
        hidden = {c for c in html if unicodedata.category(c) in {"Cc", "Cf", "Cs"}} - {"\n"}
        assert hidden == set(), path
        assert "AB" in html


# What the templates themselves produce, by element; in the words the sanitiser's list, and marks.
GLOBAL = {"class", "id", "lang"}
TEMPLATES: dict[str, set[str]] = {
    "meta": {"charset", "name", "property", "content"},
    "link": {"rel", "href", "as", "type", "title", "crossorigin", "hreflang"},
    "script": {"type"},
    "a": {"href", "hreflang", "aria-current", "rel"},
    "main": {"tabindex"},
    "nav": {"aria-label"},
    "section": {"aria-labelledby"},
    "div": {"role"},
    "time": {"datetime"},
    "th": {"scope"},
    "dd": {"translate"},
    "li": {"translate"},
    "span": {"translate"},
    "br": set(),
    "ins": {"data-says"},
    "del": {"data-says"},
    "svg": {"viewbox", "preserveaspectratio", "aria-hidden", "focusable"},
    "rect": {"x", "y", "width", "height", "fill"},
    "img": {"src", "srcset", "sizes", "width", "height", "alt", "fetchpriority", "loading"},
    "source": {"type", "srcset", "sizes"},
    **{tag: set() for tag in (
        "html", "head", "body", "title", "header", "footer", "article", "p", "h1", "h2", "ul", "ol", "dl", "dt",
        "strong", "q", "cite", "blockquote", "code", "details", "summary", "table", "caption", "thead",
        "tbody", "tfoot", "tr", "td", "figure", "figcaption", "picture",
    )},
}  # fmt: skip


def hold_to_the_templates(page: Page) -> None:
    for tag, attrs, place in page.elements:
        if ".words" in place:
            assert tag in cleaning.TAGS
            assert attrs.keys() <= cleaning.ATTRIBUTES.get(tag, set())
        else:
            assert attrs.keys() <= TEMPLATES[tag] | GLOBAL
            assert tag != "script" or attrs == {"type": "application/ld+json"}  # data, which nothing runs
        for name in ("href", "src", "action"):
            assert re.match(r"(https?://|mailto:|/(?!/)|#|$)", attrs.get(name) or "") or ".words" in place
            assert not re.match(r"[\x00-\x20]*(javascript|data|vbscript):", attrs.get(name) or "", re.IGNORECASE)


def test_the_words_of_a_page_are_the_sanitisers(desk: Desk, client: Client) -> None:
    body = (
        "<h2 id=main class=facts onclick=x()>Two</h2><h3 style=color:red>Three</h3><p dir=rtl>A <b>b</b> <em>c</em>"
        "<strong>d</strong><br><a href='https://example.org/?a=1&b=2' target=_blank onclick=x()>e</a>"
        "<a href='javascript:x()'>f</a><img src=x onerror=x()><sup data-cite=1>9</sup></p><ul><li>g</ul>"
        "<table><tr><td>h</table><blockquote cite=https://example.org>i</blockquote><script>x()</script><h1>j</h1>"
    )
    article = factories.article(desk.an, body_en=body)
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    page = read(client, EN)
    hold_to_the_templates(page)
    assert page.within(".words") == [
        ("h2", {}), ("h3", {}), ("p", {}), ("em", {}), ("strong", {}), ("br", {}),
        ("a", {"href": "https://example.org/?a=1&b=2"}), ("a", {}), ("sup", {}), ("a", {"href": "#source-1"}),
        ("ul", {}), ("li", {}), ("blockquote", {}),
    ]  # fmt: skip
    assert page.said(".words") == ["Two", "Three", "A b cd", "ef[1]", "g", "h", "i", "j"]
    assert page.all("h1") == [{}]


@pytest.mark.parametrize("field", ["url", "archive_url"])
@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", " JaVaScRiPt:alert(1)", "vbscript:x"])
def test_an_address_that_would_run_is_never_submitted(desk: Desk, field: str, address: str) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, **{field: address})
    with override("en"), pytest.raises(workflow.Refused) as refused:
        workflow.submit(article, "en", by=desk.an)
    assert refused.value.reason == "The address must start with https:// or http://."


def test_the_check_of_the_templates_finds_what_they_do_not_produce() -> None:
    for html in (
        "<script></script>",
        "<p onclick=x></p>",
        "<p style=x></p>",
        "<a href='javascript:x'></a>",
        "<iframe></iframe>",
        "<div class=words><p class=x></p></div>",
        "<div class=words><script></script></div>",
    ):
        page = Page(HttpResponse(f"<!DOCTYPE html>\n<main>{html}</main>"))
        with pytest.raises((AssertionError, KeyError)):
            hold_to_the_templates(page)


# --- addresses and languages -------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("slug", ["nothing", "headline-alpha-2", "HEADLINE-ALPHA", "1", "a" * 500])
def test_an_unknown_address_is_not_found_in_either_language(
    model: Publication, client: Client, language: str, slug: str
) -> None:
    response = client.get(f"/{language}/articles/{slug}/")
    assert response.status_code == 404
    page = Page(response)
    assert page.all("html") == [{"lang": language}]
    with override(language):
        assert page.said("h1") == [say("Page not found")]


MISSING = [("vi", "en", "headline-alpha"), ("en", "vi", "tieu-de-alpha")]


@pytest.mark.parametrize(("asked_for", "language", "slug"), MISSING)
def test_a_language_that_is_missing_shows_the_other_under_a_notice(
    desk: Desk, client: Client, asked_for: str, language: str, slug: str
) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an, title="Tài liệu", title_language="vi", quote="Như vậy.")
    factories.published(article, language, desk=desk)
    page, version = read(client, f"/{asked_for}/articles/{slug}/"), Version.objects.get()
    own = f"/{language}/articles/{slug}/"
    assert page.all("html") == [{"lang": asked_for}]
    names = {"vi": "Vietnamese", "en": "English"}
    with override(asked_for):
        notice = say(
            "This article is not in %(language)s yet. You are reading it in %(original)s.",
            language=say(names[asked_for]),
            original=say(names[language]),
        )
        assert page.said(".notice")[0] == notice
        assert page.said("dt")[2] == say("Reviewed")
        absent = say("not translated yet")
    assert page.said("main")[0] == notice  # before everything

    assert page.said("h1") == [version.headline]
    marked = [tag for tag, attrs in page.within("main") if attrs.get("lang") == language]
    listed = ["a", "span", "blockquote"] if language == "vi" else ["span", "dd"]  # a digest is read as in English
    assert marked == ["a", "header", "span", "span", "q", "div", *listed]  # category … site, note, claim, words

    assert page.all("link", rel="canonical") == [{"rel": "canonical", "href": HOST + own}]
    assert page.editions == [
        (language, HOST + own),
        ("x-default", HOST + own),
    ]
    assert page.all("meta", property="og:locale") == [{"property": "og:locale", "content": LOCALES[language]}]
    local = {"vi": "Tiếng Việt", "en": "English"}
    assert page.said(".languages") == [
        f"{local[code]} ({absent})" if code == asked_for else local[code] for code in LANGUAGES
    ]
    assert [attrs["href"] for attrs in page.all("a") if attrs.get("hreflang")] == [
        f"/{code}/articles/{slug}/" for code in LANGUAGES
    ]


def test_on_a_page_of_its_own_language_nothing_carries_it_again(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an)
    source = factories.source("bao", name_en="", name_vi="Báo")
    factories.cite(article, desk.an, source, title="Tài liệu", title_language="vi", quote="Như vậy.")
    factories.published(article, desk=desk)
    page = read(client, EN)
    assert [(tag, attrs["lang"]) for tag, attrs in page.within("main") if "lang" in attrs] == [
        ("span", "vi"),  # the source in the line of sites
        ("q", "en"),
        ("a", "vi"),
        ("span", "vi"),
        ("blockquote", "vi"),
    ]


@pytest.mark.parametrize(("asked_for", "language", "slug"), MISSING)
def test_once_translated_the_other_languages_address_moves_to_its_own(
    desk: Desk, client: Client, asked_for: str, language: str, slug: str
) -> None:
    article = factories.article(desk.an)
    factories.published(article, language, desk=desk)
    foreign = f"/{asked_for}/articles/{slug}/"
    assert client.get(foreign).status_code == 200
    workflow.submit(article, asked_for, by=desk.an)
    assert client.get(foreign).status_code == 200  # not by a draft
    publication = refusing.publication_of(article, asked_for)
    factories.approve(publication, desk=desk)
    assert client.get(foreign).status_code == 200
    workflow.publish(publication, by=desk.chi, version=1)
    for method in (client.get, client.head):
        response = method(foreign)
        assert (response.status_code, response["Location"]) == (301, {"vi": VI, "en": EN}[asked_for])
    assert client.get(foreign, follow=True).status_code == 200


@pytest.mark.parametrize("path", [EN, VI])
def test_the_header_links_both_editions(model: Publication, client: Client, path: str) -> None:
    page = read(client, path)
    assert [attrs for attrs in page.all("a") if attrs.get("hreflang")] == [
        {"href": url, "hreflang": url[1:3], **({"aria-current": "true"} if url == path else {})} for url in (VI, EN)
    ]
    assert page.said(".languages") == ["Tiếng Việt", "English"]


def test_an_address_belongs_to_its_own_language_first(desk: Desk, client: Client) -> None:
    """One slug in two languages may be of two articles."""
    english = factories.article(desk.an, "One", slug_en="same", slug_vi="mot")
    vietnamese = factories.article(desk.an, "Two", slug_en="two", slug_vi="same")
    factories.published(english, desk=desk)
    assert read(client, "/vi/articles/same/").said("h1") == ["Headline One"]
    factories.published(vietnamese, "vi", desk=desk)
    assert read(client, "/vi/articles/same/").said("h1") == ["Tiêu đề Two"]
    assert read(client, "/en/articles/same/").said("h1") == ["Headline One"]


def test_an_address_of_one_word_in_both_languages_is_no_detour(desk: Desk, client: Client) -> None:
    article = factories.article(desk.an, slug_en="unicode", slug_vi="unicode")
    for code in LANGUAGES:
        factories.published(article, code, desk=desk)
    assert read(client, "/en/articles/unicode/").said("h1") == ["Headline Alpha"]
    assert read(client, "/vi/articles/unicode/").said("h1") == ["Tiêu đề Alpha"]


def test_the_language_is_the_addresses_whatever_the_browser_prefers(model: Publication, client: Client) -> None:
    for path, other in ((EN, "vi"), (VI, "en"), ("/en/", "vi"), ("/vi/", "en")):
        plain = client.get(path).content
        client.cookies["django_language"] = other
        assert client.get(path, headers={"accept-language": other}).content == plain
        client.cookies.clear()


# --- home --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_home_without_articles_says_so(client: Client, language: str) -> None:
    page = read(client, f"/{language}/")
    with override(language):
        assert page.said("main") == [
            say("Latest articles"),
            say("There are no articles in this language yet."),
            say("About this site"),
            say("How we compute confidence"),
        ]


def test_home_shows_its_languages_articles_newest_first(desk: Desk, client: Client) -> None:
    for marker, codes in (("Alpha", "en"), ("Beta", "vi"), ("Gamma", "en")):
        article = factories.article(desk.an, marker)
        factories.cite(article, desk.an)
        factories.published(article, codes, desk=desk)
    page, published = read(client, "/en/"), Publication.objects.latest("pk").first_published
    assert published is not None
    assert page.said(".article-cards") == [
        said
        for marker in ("Gamma", "Alpha")
        for said in [
            f"Technology · 1 min read · {date_format(localtime(published), 'j F Y')}",
            f"Headline {marker}",
            f"Summary {marker}.",
            "Tier 1",
            "58% confidence",
            "Reviewed",
        ]
    ]
    category = f"/en/categories/number/{factories.category().pk}/"
    assert [str(attrs["href"]) for tag, attrs in page.within(".article-cards") if tag == "a"] == [
        category,
        "/en/articles/headline-gamma/",
        category,
        "/en/articles/headline-alpha/",
    ]
    assert read(client, "/vi/").said("h2") == ["Tiêu đề Beta"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_of_home_names_both_homes_and_the_door(client: Client, language: str) -> None:
    page = read(client, f"/{language}/")
    assert page.all("html") == [{"lang": language}]
    assert page.said("title") == ["Newsroom"]
    assert page.all("link", rel="canonical") == [{"rel": "canonical", "href": f"{HOST}/{language}/"}]
    assert page.editions == [
        ("vi", f"{HOST}/vi/"),
        ("en", f"{HOST}/en/"),
        ("x-default", f"{HOST}/"),
    ]


def test_the_languages_here_are_the_desks() -> None:
    assert [code for code, _name in settings.LANGUAGES] == LANGUAGES
