"""A withdrawn text: its address answers with the notice, and its words are nowhere, whoever asks and however."""

import unicodedata

import pytest
from django.conf import settings
from django.test import Client
from django.utils.timezone import localtime
from django.utils.translation import override, pgettext

from articles import previewing, workflow
from articles.models import Article, Publication, ReviewStatus
from articles.refusing import Refused, publication_of
from tests import factories
from tests.articles import pictures
from tests.articles.afterwards import corrected, submitted_again, withdrawn
from tests.articles.test_views import HOST, LANGUAGES, Page, day, footer, made_anew, public_paths, read, say, tables
from tests.factories import Desk

pytestmark = pytest.mark.django_db

OTHER = {"vi": "en", "en": "vi"}
WORDS = ("headline", "summary", "body", "claim", "translator")
REASON = "The count was never made."


def article_of(desk: Desk, marker: str) -> Article:
    """Each word of it carries the marker and its language; the addresses carry neither."""
    words = {f"{name}_{code}": f"{name} {marker}{code}" for name in WORDS for code in LANGUAGES}
    of_picture = {f"{name}_{code}": f"{name} {marker}{code}" for name in ("alt", "caption") for code in LANGUAGES}
    lead, inside = (pictures.photo(desk.an, **of_picture) for _time in range(2))
    for code in LANGUAGES:
        words[f"body_{code}"] += f'<figure data-photo="{inside.pk}"></figure>'
    row = factories.article(desk.an, "Alpha", **words, slug_vi="mot", slug_en="one", lead=lead)
    source = factories.source("src")  # its name is not the article's: the register has it as long as it has a tier
    factories.cite(row, desk.an, source, title="A document", quote="What it says.")
    return row


def path(language: str, slug: str = "") -> str:
    return f"/{language}/articles/{slug or {'vi': 'mot', 'en': 'one'}[language]}/"


@pytest.fixture
def article(desk: Desk) -> Article:
    row = article_of(desk, "Vega")
    for code in LANGUAGES:
        factories.published(row, code, desk=desk)
    return row


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_notice_stands_in_the_place_of_the_words(
    article: Article, desk: Desk, client: Client, language: str
) -> None:
    row = withdrawn(article, language, desk=desk, note=REASON)
    response = client.get(path(language))
    assert response.status_code == 410
    assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert response["Content-Language"] == language
    assert response["Vary"] == "Accept-Encoding"  # one answer for all, as on every page
    assert response.cookies == {}
    page = Page(response)
    assert page.all("html") == [{"lang": language}]
    with override(language):
        withdrawn_ = f"({say_withdrawn()})"
        assert page.said() == [
            say("Skip to main content"),
            "Newsroom",
            say("Sources"),
            say("How we compute confidence"),
            say("Search"),
            *[f"{name} {withdrawn_}" if code == language else name for code, name in settings.LANGUAGES],
            f"← {say('Back to home')}",
            say("This article was withdrawn"),
            f"{say('On %(on_day)s:', on_day=day(row.at))} {REASON}",
            say(
                "Its words are shown nowhere on this site any more. That it was published, and when and why it was "
                "withdrawn, stays in our record."
            ),
            say("See its history, without the words"),
            say(
                "%(site_name)s shows for every article what it stands on, how confident we are and why, and who "
                "reviewed exactly these words.",
                site_name="Newsroom",
            ),
            *footer(),
        ]
        assert page.said("title") == [f"{say('Withdrawn article')} · Newsroom"]
    assert page.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    assert page.all("link", rel="canonical") == page.editions == []
    assert [attrs for attrs in page.all("meta") if "property" in attrs] == []
    assert page.elements[0][0] == "html"
    head = client.head(path(language))
    assert (head.status_code, head.content, dict(head.headers)) == (410, b"", dict(response.headers))


def say_withdrawn() -> str:
    return pgettext("of a published text", "withdrawn")


def pages(client: Client, *more: str) -> dict[str, str]:
    """Every public page, head and headers too, and these."""
    found = {}
    for each in [*public_paths(), *more]:
        response = client.get(each)
        found[each] = unicodedata.normalize("NFC", response.content.decode() + repr(response.headers)).lower()
    return found


STATES = ["withdrawn", "withdrawn, newer in review", "withdrawn, newer approved", "withdrawn, then edited"]
OTHERS = ["live", "withdrawn", "never", "draft"]
# Every state with every state of the other language, and each of either in both languages.
STANDS = [
    (LANGUAGES[(row + column) % 2], state, other)
    for row, state in enumerate(STATES)
    for column, other in enumerate(OTHERS)
]


@pytest.mark.parametrize(("language", "state", "other"), STANDS)
def test_the_words_are_on_no_page_of_any_language(
    desk: Desk, client: Client, language: str, state: str, other: str
) -> None:
    """Old versions, the last one and newer ones; title, description, graph, switcher, alternates, previews."""
    row = article_of(desk, "Vega")
    first = factories.published(row, language, desk=desk).live
    assert first is not None
    link = previewing.make(first, by=desk.binh, days=7)
    corrected(row, language, desk=desk, note="A note.", headline=f"Headline Rigel{language}", slug=f"two-{language}")
    if other in {"live", "withdrawn"}:
        factories.published(Article.objects.get(pk=row.pk), OTHER[language], desk=desk)
    elif other == "draft":
        factories.in_review(Article.objects.get(pk=row.pk), OTHER[language], desk=desk)
    before = (
        pages(client, previewing.url(link)) if state == STATES[0] else {}
    )  # what a cache keeps, whatever comes later
    assert before == {} or before[previewing.url(link)].count("vega") > 3
    for code in [language, *[OTHER[language]] * (other == "withdrawn")]:
        withdrawn(row, code, desk=desk, note=REASON)
    newer = f"Headline Sirius{language}"
    if state == STATES[1]:
        row = Article.objects.get(pk=row.pk)
        setattr(row, f"headline_{language}", newer)
        row.save(by=desk.an)
        factories.in_review(row, language, desk=desk)
    elif state == STATES[2]:
        submitted_again(row, language, desk=desk, headline=newer)
    elif state == STATES[3]:
        setattr(row, f"headline_{language}", newer)
        row.save(by=desk.an)

    after = pages(client, previewing.url(link))
    for marker in ("Vega", "Rigel", "Sirius"):
        word = f"{marker}{language}".lower()
        assert [each for each, page in after.items() if word in page] == [], word
    elsewhere = {each: page for each, page in after.items() if "/sources/" not in each}
    shown = [each for each, page in elsewhere.items() if f"vega{OTHER[language]}" in page]
    assert shown == (
        [
            "/news-sitemap.xml",
            f"/{OTHER[language]}/",
            path(OTHER[language]),
            f"{path(OTHER[language])}record.json",
            f"{path(OTHER[language])}history/",
            f"{path(OTHER[language])}history/1/",
            f"{path(OTHER[language])}history/1/record.json",
            f"/{OTHER[language]}/categories/{factories.category().address(OTHER[language])}/",
            f"/{OTHER[language]}/authors/mai-lan/",
            f"/{OTHER[language]}/archive/{localtime():%Y/%m}/",
            *(
                f"/{OTHER[language]}/{of}feed.{form}"
                for of in ("", f"categories/{factories.category().address(OTHER[language])}/", "authors/mai-lan/")
                for form in ("atom", "rss", "json")
            ),
            f"/{OTHER[language]}/search/?q=headline",
        ]
        if other == "live"
        else []
    )
    # Whoever asks for the withdrawn language, at any address it ever had, is told so in that language.
    for slug in ("", f"two-{language}"):
        response = client.get(path(language, slug))
        assert (response.status_code, Page(response).all("html")) == (410, [{"lang": language}])
        assert REASON in response.content.decode()
    assert not any(f"two-{language}" in page for each, page in after.items() if f"two-{language}" not in each)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_other_language_stays_and_names_no_translation(
    article: Article, desk: Desk, client: Client, language: str
) -> None:
    withdrawn(article, language, desk=desk, note=REASON)
    other = OTHER[language]
    page = read(client, path(other))
    own = HOST + path(other)
    assert page.editions == [
        (other, own),
        ("x-default", own),
    ]
    with override(other):
        names = [f"{name} ({say_withdrawn()})" if code == language else name for code, name in settings.LANGUAGES]
    assert page.said(".languages") == names
    assert [each["href"] for each in page.all("a", hreflang=language)][:1] == [
        path(language, {"vi": "mot", "en": "one"}[other])  # there, too, it is the notice
    ]
    assert client.get(str(page.all("a", hreflang=language)[0]["href"])).status_code == 410


def test_where_only_the_other_language_ever_was_the_notice_is_in_the_readers_own(desk: Desk, client: Client) -> None:
    row = article_of(desk, "Vega")
    factories.published(row, "vi", desk=desk)
    withdrawn(row, "vi", desk=desk, note="Chưa từng đếm.")
    response = client.get("/en/articles/mot/")
    page = Page(response)
    assert (response.status_code, page.all("html")) == (410, [{"lang": "en"}])
    assert page.said("h1") == ["This article was withdrawn"]
    assert [attrs for tag, attrs in page.within(".notice") if tag == "span"] == [{"lang": "vi"}]
    assert page.said(".languages") == ["Tiếng Việt (withdrawn)", "English (not translated yet)"]


def test_a_withdrawn_page_costs_two_queries_and_reads_no_working_copy(
    article: Article, desk: Desk, client: Client
) -> None:
    for number in range(5):
        corrected(article, desk=desk, note=f"Note {number}.")
    withdrawn(article, desk=desk)
    statements = made_anew(client, path("en"), 410)
    assert len(statements) == 2
    assert tables(statements) <= {
        "articles_publication",
        "articles_version",
        "articles_reviewstatus",
        "articles_rendition",
        "articles_correction",
    }


def test_a_withdrawn_text_leaves_home_and_makes_room(desk: Desk, client: Client, article: Article) -> None:
    assert read(client, "/en/").said("h2") == ["headline Vegaen"]
    withdrawn(article, desk=desk)
    assert read(client, "/en/").said("h2") == []
    assert read(client, "/vi/").said("h2") == ["headline Vegavi"]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "</p></div><h1>x", "{{ site_name }} 100% %s"])
def test_a_reason_is_words_alone(article: Article, desk: Desk, client: Client, text: str) -> None:
    withdrawn(article, desk=desk, note=text)
    page = Page(client.get(path("en")))
    assert page.said(".notice")[0].endswith(text)
    assert (page.all("script"), len(page.all("h1"))) == ([], 1)


def test_published_again_the_page_is_back_and_tells_of_the_withdrawal(
    article: Article, desk: Desk, client: Client
) -> None:
    corrected(article, desk=desk, note="We wrote Sirius.", summary="Vega.")  # the notice repeats words
    first = withdrawn(article, desk=desk, note=REASON)
    old = first.version
    second = corrected(article, desk=desk, kind="correction", note="Counted now.", headline="Headline Rigel")
    page = read(client, path("en"))
    assert page.said("h1") == ["Headline Rigel"]
    assert page.said(".correction-notices") == [
        f"Correction. On {english(second)}: Counted now.",
        f"Withdrawal. On {english(first)}: {REASON}",
        "See every change to this story",
    ]
    record = client.get(f"{path('en')}record.json").json()
    assert [each["note"] for each in record["corrections"]] == ["Counted now.", REASON]
    for shown in (path("en"), f"{path('en')}record.json", "/en/feed.atom", "/en/feed.json"):
        assert b"We wrote Sirius." not in client.get(shown).content, shown
    assert [language for language, _href in page.editions] == ["vi", "en", "x-default"]
    publication = Publication.objects.get(language="en")
    assert publication.last_published == second.at
    # What was withdrawn stays so: no link brings the old words back.
    with override("en"), pytest.raises(Refused, match="served nowhere, by no link either"):
        previewing.make(old, by=desk.binh, days=7)
    assert publication.live is not None
    assert previewing.make(publication.live, by=desk.binh, days=7).pk


def english(row: ReviewStatus) -> str:
    with override("en"):
        return day(row.at)


def test_a_row_that_is_not_live_gives_no_reading(article: Article, desk: Desk) -> None:
    """Whatever list forgets to ask whether it is live fails instead of showing it."""
    withdrawn(article, desk=desk)
    with pytest.raises(ValueError, match="nothing of this language is live"):
        publication_of(article, "en").reading()


def test_withdrawing_is_no_way_to_publish_what_waits(article: Article, desk: Desk, client: Client) -> None:
    publication = submitted_again(article, desk=desk, headline="Headline Rigel")
    workflow.withdraw(publication, by=desk.chi, version=1, note=REASON)
    assert client.get(path("en")).status_code == 410
