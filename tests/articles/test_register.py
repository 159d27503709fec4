"""The public register: who is in it, who must not be, and what a source's page says."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from articles import workflow
from articles.models import Article, Publication
from articles.register import MOST
from sources.models import Source, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.afterwards import corrected, withdrawn
from tests.articles.test_views import HOST, LANGUAGES, day, made_anew, queries_of, read, say, tables
from tests.factories import Desk

pytestmark = pytest.mark.django_db


def citing(desk: Desk, source: Source, marker: str = "Alpha", language: str = "en", **fields: Any) -> Publication:
    article = factories.article(desk.an, marker)
    factories.cite(article, desk.an, source, **fields)
    return factories.published(article, language, desk=desk)


def assessed(source: Source, desk: Desk, tier: int, **fields: Any) -> SourceAssessment:
    row = SourceAssessment(source=source, tier=tier, assessor=desk.chi, review_by=date(2031, 5, 1), **fields)
    row.save()
    return row


def links(client: Client, path: str, mark: str = ".register") -> list[str]:
    return [str(attrs["href"]) for tag, attrs in read(client, path).within(mark) if tag == "a"]


# --- the list ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_sources_stand_by_tier_then_by_name_the_unrated_last(desk: Desk, client: Client, language: str) -> None:
    group = factories.source("group", tier=None, name_en="The Group", name_vi="")
    for name, tier in (("zebra", 1), ("ant", 1), ("paper", 3)):
        factories.source(name, tier, by=desk.chi, kind="publication", owner=group if name == "paper" else None)
    factories.source("dong", 1, by=desk.chi, kind="publication", name_en="Đông", name_vi="Đông")
    citing(desk, factories.source("fresh", tier=None))
    page = read(client, f"/{language}/sources/")
    with override(language):
        kind, group_of = str(Source(kind="publication").get_kind_display()), say("owned by")
        said = page.said("main")
        start = said.index(say("Find")) + 1
        assert said[start:] == [
            say("tier %(tier)d", tier=1).capitalize(),
            f"{say('authoritative: first-hand or with a long clean record').capitalize()}.",
            f"Ant {kind}", f"Đông {kind}", f"Zebra {kind}",
            say("tier %(tier)d", tier=3).capitalize(), f"{say('mixed or little known').capitalize()}.",
            f"Paper {kind} · {group_of} The Group",
            say("not rated").capitalize(), f"{say('nobody at this desk has assessed it yet').capitalize()}.",
            f"Fresh {Source(kind='organisation').get_kind_display()}",
        ]  # fmt: skip
    # An owner that has a name in English alone; a name with letters that tell how to read it.
    marked = [attrs["lang"] for tag, attrs in page.within(".register") if "lang" in attrs]
    assert marked == {"vi": ["en"], "en": ["vi"]}[language]


def test_a_list_that_is_empty_says_so(client: Client, db: None) -> None:
    page = read(client, "/en/sources/")
    assert page.said("main")[-2:] == [
        "No source is assessed or cited by a published article yet.",
        "To the latest articles",
    ]
    assert page.all("h2") == []


# What nobody may learn from the register: each makes rows about a source that no live article cites.
def drafted(desk: Desk, source: Source) -> None:
    factories.cite(factories.article(desk.an), desk.an, source)


def in_review(desk: Desk, source: Source) -> None:
    drafted(desk, source)
    workflow.submit(Article.objects.get(), "en", by=desk.an)


def approved(desk: Desk, source: Source) -> None:
    in_review(desk, source)
    factories.approve(Publication.objects.get(), desk=desk)


def gone(desk: Desk, source: Source) -> None:
    withdrawn(citing(desk, source).article, desk=desk)


def newer_than_live(desk: Desk, source: Source) -> None:
    live = citing(desk, factories.source("other"))
    factories.cite(live.article, desk.an, source)
    factories.approved(Article.objects.get(), desk=desk)


def corrected_away(desk: Desk, source: Source) -> None:
    live = citing(desk, source)
    live.article.citations.get().delete(by=desk.an)
    factories.cite(live.article, desk.an, factories.source("other"))
    corrected(live.article, desk=desk, note="Another source.")


@pytest.mark.parametrize("hidden", [drafted, in_review, approved, gone, newer_than_live, corrected_away])
def test_a_source_that_no_live_article_cites_is_nowhere(desk: Desk, client: Client, hidden: Any) -> None:
    owner = factories.source("parent", tier=2)
    secret = factories.source("secret", tier=None, name_en="Secretname", name_vi="Secretname", owner=owner)
    child = factories.source("known", tier=2, owner=secret)
    hidden(desk, secret)
    unknown = client.get("/en/sources/nothing/")
    for code in LANGUAGES:
        assert "/en/sources/secret/" not in links(client, "/en/sources/")
        page = client.get(f"/{code}/sources/?q=secretname").content.decode()
        assert f"/{code}/sources/secret/" not in page
        assert client.get(f"/{code}/sources/number/{secret.pk}/").status_code == 404
        assert b"secret" not in client.get(f"/{code}/sources/{owner.slug}/").content.lower()
        # That a listed source is owned by it is known of that one; it is named there and leads nowhere.
        assert "secret/" not in client.get(f"/{code}/sources/{child.slug}/").content.decode()
    response = client.get("/en/sources/secret/")
    assert (response.status_code, response.content) == (404, unknown.content)
    assert dict(response.headers) == dict(unknown.headers)


def test_an_assessed_source_that_only_a_draft_cites_does_not_tell_of_the_draft(desk: Desk, client: Client) -> None:
    source = factories.source("known", tier=2)
    before = client.get("/en/sources/known/").content
    drafted(desk, source)
    in_review_ = factories.in_review(factories.article(desk.an, "Beta"), desk=desk)
    assert in_review_.in_review
    assert client.get("/en/sources/known/").content == before


@pytest.mark.parametrize(
    ("query", "slugs"),
    [
        ("dien thoai", ["phone"]),
        ("ĐIỆN", ["phone"]),
        ("telephone", ["phone"]),  # its name in the other language
        ("  paper ", ["paper"]),
        ("e", ["paper", "phone"]),
        ("日報", ["daily"]),
        ("nothing of this", []),
        ("%", []),
        ("<b>&\"'", []),
    ],
)
def test_a_source_is_found_by_any_of_its_names(desk: Desk, client: Client, query: str, slugs: list[str]) -> None:
    factories.source("phone", 2, name_vi="Điện thoại", name_en="Telephone")
    factories.source("paper", 1)
    factories.source("daily", 1, name_en="日報", name_vi="日報")
    response = client.get("/en/sources/", {"q": query})
    page = read(client, response.request["PATH_INFO"] + "?" + response.request["QUERY_STRING"])
    shown = [str(attrs["href"]).split("/")[-2] for tag, attrs in page.within(".register") if tag == "a"]
    assert shown == slugs
    assert page.all("input", name="q")[0]["value"] == " ".join(query.split())
    assert page.all("meta", name="robots") == [{"name": "robots", "content": "noindex"}]
    kept = " ".join(query.split())
    said = (
        f"1 source has “{kept}” in its name."
        if len(slugs) == 1
        else f"{len(slugs)} sources have “{kept}” in their names."
    )
    assert f"{said} All sources" in page.said("main")
    if not slugs:
        assert page.said("main")[-1].startswith("See whether the name is spelt")


def test_a_query_as_long_as_a_book_is_cut(client: Client, desk: Desk) -> None:
    assert len(str(read(client, f"/en/sources/?q={'a' * 5000}").all("input", name="q")[0]["value"])) == 100
    assert read(client, "/en/sources/?q=a%00b%E2%80%AE").all("input", name="q")[0]["value"] == "ab"


# --- one source --------------------------------------------------------------------------------------


@pytest.fixture
def source(desk: Desk) -> Source:
    """Assessed twice, owned and owning, with a record, cited by an article of each language."""
    group = factories.source("group", 2, by=desk.chi, name_en="The Group", name_vi="")
    row = factories.source("wire", tier=None, kind="publication", owner=group, description_vi="Hãng tin.")
    factories.source("child", 3, by=desk.chi, owner=row)
    factories.source("hidden", None, owner=row)
    assessed(row, desk, 3, rationale_en="Little known.", rationale_vi="Ít ai biết.")
    assessed(row, desk, 2, rationale_vi="Sửa công khai.", criteria=["ownership", "corrections"])
    for held, weight in ((True, "1"), (True, "0.5"), (False, "1")):
        SourceOutcome(source=row, held=held, weight=weight, reason="Secretreason", by=desk.chi).save()
    return row


def test_its_record_says_how_many_checks_it_rests_on_and_never_who_made_them(
    desk: Desk, client: Client, source: Source
) -> None:
    def said() -> str:
        words = read(client, "/en/sources/wire/").said("main")
        return words[words.index("Its record") + 1]

    for marker in ("Alpha", "Beta"):
        publication = citing(desk, source, marker, url=f"https://wire.org/{marker}")
        factories.judge(publication, by=desk.binh, citations={1: True}, note="Secretreason")
    weighted = (
        "A claim that was drawn at random for checking stands for those that were not drawn; "
        "a denial counts half if it was right and double if it was wrong."
    )
    own = "of them of articles of ours that cite it."
    assert said() == f"3.5 held and 1 failed, by weight. It rests on 5 checks, 2 {own} {weighted}"
    factories.judge(publication, by=desk.binh, citations={1: False}, note="Secretreason")
    assert said() == f"2.5 held and 2 failed, by weight. It rests on 5 checks, 2 {own} {weighted}"
    factories.judge(publication, by=desk.binh, note="Secretreason")
    assert said() == f"2.5 held and 1 failed, by weight. It rests on 4 checks, 1 {own} {weighted}"
    html = client.get("/en/sources/wire/").content.decode()
    assert "Secretreason" not in html
    assert "Binh" not in html


def test_its_page_says_all_that_is_known_of_it(desk: Desk, client: Client, source: Source) -> None:
    first = citing(desk, source, "Alpha")
    factories.published(first.article, "vi", desk=desk)
    second = citing(desk, source, "Beta", "vi")
    note = corrected(first.article, desk=desk, note="Seven, not eleven.")
    latest, earlier = source.assessments.order_by("-pk")
    assert first.first_published is not None
    assert second.first_published is not None
    page = read(client, "/en/sources/wire/")
    with override("en"):
        assert page.said("main") == [
            "← All sources",
            "Wire",
            "Hãng tin.",
            "Tier", "Tier 2: reliable",
            "Why", "Sửa công khai.",
            "Criteria met", "says who owns it", "corrects openly",
            "Assessed on", day(latest.at),
            "To be assessed again by", "1 May 2031",
            "Its record", "1.5 held and 1 failed, out of 2.5 claims checked",
            "Kind of source", "publication",
            "Owner", "The Group",
            "Owns", "Child",
            "Earlier tiers", f"Tier 3, {day(earlier.at)}: Little known.",
            "Published articles that cite it",
            f"Tiêu đề Beta {day(second.first_published)}",
            f"Headline Alpha {day(first.first_published)}",
            "Corrections of these articles",
            "Whatever was corrected in them, whether or not this source was at fault.",
            f"{day(note.at)}, correction: Seven, not eleven. Headline Alpha",
        ]  # fmt: skip
    assert [(tag, attrs["lang"]) for tag, attrs in page.within("main") if "lang" in attrs] == [
        ("p", "vi"), ("dd", "vi"), ("a", "vi"),
    ]  # fmt: skip
    assert [attrs["href"] for tag, attrs in page.within(".about-source") if tag == "a"] == [
        "/en/sources/group/", "/en/sources/child/",
    ]  # fmt: skip
    assert links(client, "/en/sources/wire/") == [
        "/vi/articles/tieu-de-beta/", "/en/articles/headline-alpha/", "/en/articles/headline-alpha/",
    ]  # fmt: skip
    html = client.get("/en/sources/wire/").content.decode()
    assert "Secretreason" not in html
    assert "chi" not in {each.lower() for each in html.split()}


def test_an_unrated_source_says_in_words_what_is_missing(desk: Desk, client: Client) -> None:
    citing(desk, factories.source("fresh", tier=None))
    said = read(client, "/en/sources/fresh/").said("main")
    assert said[2:-3] == [
        "Tier", "Not rated: nobody at this desk has assessed it yet",
        "Its record", "no claim of it has been checked yet",
        "Kind of source", "organisation",
        "Owner", "none on record: it speaks for itself",
        "Earlier tiers", "None: it has never been assessed.",
        "Published articles that cite it",
    ]  # fmt: skip
    assert said[-2:] == ["Corrections of these articles", "None on record."]


def test_an_assessed_source_that_nothing_cites_says_so(desk: Desk, client: Client) -> None:
    factories.source("idle", 4)
    said = read(client, "/en/sources/idle/").said("main")
    assert said[-6:] == [
        "Earlier tiers", "None: this is its first assessment.",
        "Published articles that cite it", "None at present.",
        "Corrections of these articles", "None on record.",
    ]  # fmt: skip
    assert "none of the published ones" in said  # no criterion was ticked


def test_a_source_with_very_many_articles_shows_the_newest(desk: Desk, client: Client) -> None:
    source = factories.source("wire")
    for number in range(MOST + 1):
        citing(desk, source, f"A{number}")
    page = read(client, "/en/sources/wire/")
    assert f"The newest {MOST} of {MOST + 1}." in page.said("main")
    assert [said.split()[1] for said in page.said(".register")] == [f"A{number}" for number in range(MOST, 0, -1)]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", ["sources/", "sources/wire/"])
def test_the_page_is_there_in_every_language(client: Client, source: Source, path: str, language: str) -> None:
    page = read(client, f"/{language}/{path}")
    assert page.all("html") == [{"lang": language}]
    assert page.all("link", rel="canonical") == [{"rel": "canonical", "href": f"{HOST}/{language}/{path}"}]
    assert page.editions == [
        *((code, f"{HOST}/{code}/{path}") for code in LANGUAGES),
        ("x-default", f"{HOST}/vi/{path}"),
    ]
    assert [attrs["href"] for tag, attrs in page.within(".languages") if tag == "a"] == [
        f"/{code}/{path}" for code in LANGUAGES
    ]


def test_an_articles_list_leads_to_the_page_of_its_source(desk: Desk, client: Client) -> None:
    source = factories.source("wire", tier=None)
    citing(desk, source)
    page = read(client, "/en/articles/headline-alpha/")
    assert [attrs["href"] for tag, attrs in page.within(".source-list") if tag == "a"][-1] == (
        f"/en/sources/number/{source.pk}/"
    )
    moved = client.get(f"/en/sources/number/{source.pk}/")
    assert (moved.status_code, moved["Location"]) == (302, "/en/sources/wire/")
    assert read(client, moved["Location"]).said("h1") == ["Wire"]


@pytest.mark.parametrize("text", ["<script>x</script>", '"><img src=x onerror=x>', "{{ x }} %s 100%"])
def test_hostile_words_are_words_alone(desk: Desk, client: Client, text: str) -> None:
    row = factories.source("wire", None, name_en=text, name_vi=text, description_en=text)
    assessed(row, desk, 2, rationale_en=text, criteria=[text])
    citing(desk, row)
    for path in ("/en/sources/", "/en/sources/wire/"):
        page = read(client, path)
        assert text in page.said("main") or any(said.startswith(text) for said in page.said("main"))
        assert page.all("script") == page.all("img") == []


@pytest.mark.parametrize(("path", "most"), [("/en/sources/", 1), ("/en/sources/?q=s", 1), ("/en/sources/s0/", 3)])
def test_the_pages_cost_the_same_at_one_row_and_at_thirty(desk: Desk, client: Client, path: str, most: int) -> None:
    def add(number: int) -> None:
        owner = factories.source("s0") if number else None
        source = factories.source(f"s{number}", 2, owner=owner)
        assessed(factories.source("s0"), desk, 2)
        SourceOutcome(source=factories.source("s0"), held=True, reason="Stood.", by=desk.chi).save()
        article = factories.article(desk.an, f"A{number}")
        factories.cite(article, desk.an, source)
        factories.cite(article, desk.an, factories.source("s0"))
        factories.published(article, desk=desk)
        if number < 5:
            corrected(article, desk=desk, note="Changed.")

    add(0)
    one = queries_of(client, path)
    for number in range(1, 30):
        add(number)
    assert (one, queries_of(client, path)) == (most, most)
    assert tables(made_anew(client, path)) <= {
        "articles_publication", "articles_version", "articles_versionsource", "articles_correction",
        "sources_source", "sources_sourceassessment", "sources_sourceoutcome",
    }  # fmt: skip
