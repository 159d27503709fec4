"""Two people, two forms, one article: what merges in silence, what is refused and shown, and that nothing is lost."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.signing import Signer
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Citation, Edit, Version
from tests import factories
from tests.articles.admin.conftest import (
    ADD,
    LIST,
    Enter,
    Form,
    change_url,
    changed,
    form_at,
    page,
    typed,
    unchanged,
    with_row,
)
from tests.factories import Desk


@pytest.fixture
def article(desk: Desk) -> Article:
    row = factories.article(desk.an)
    factories.cite(row, desk.an)
    factories.cite(row, desk.an)
    return row


@pytest.fixture
def an(desk: Desk, enter: Enter) -> Client:
    return enter(desk.an)


@pytest.fixture
def dung(desk: Desk, enter: Enter) -> Client:
    return enter(desk.dung)


def save(client: Client, article: Article, form: Form, **changes: str | list[str]) -> HttpResponse:
    return client.post(change_url(article), changed(form, changes))


def now(article: Article, *names: str) -> list[Any]:
    return list(Article.objects.values_list(*names).get(pk=article.pk))


def cited(article: Article, *names: str) -> list[tuple[Any, ...]]:
    return list(article.citations.values_list("key", *names))


def edits(after: int) -> list[tuple[str, list[str]]]:
    return [(row.by.username, row.fields) for row in Edit.objects.filter(pk__gt=after).order_by("pk")]


def last_edit() -> int:
    return Edit.objects.latest("pk").pk


Sides = dict[str, tuple[str, str, str]]


def clashes(response: HttpResponse) -> Sides:
    """By what it is called: what it was, mine and theirs, as they stand on the page."""
    shown = page(response)
    found = {}
    for group in [element for element in shown.elements if element["class"] == "desk-clash"]:
        inside = [element for element in shown.elements if group in element.within]
        [label] = [element.words for element in inside if element.tag == "legend"]
        found[label] = tuple(element.words for element in inside if element.tag == "p")
    return found  # type: ignore[return-value]


def sides(response: HttpResponse) -> list[str]:
    return [
        element.words for element in page(response).elements if element.tag == "h3" and element.within[-1].tag == "div"
    ]


# --- what merges in silence --------------------------------------------------------------------------


def test_different_fields_merge_and_each_edit_names_only_its_own(article: Article, an: Client, dung: Client) -> None:
    mine, theirs, before = form_at(an, change_url(article)), form_at(dung, change_url(article)), last_edit()
    assert save(dung, article, theirs, headline_en="Theirs", kind="analysis", authors=[]).status_code == 302
    assert save(an, article, mine, summary_en="Mine.", machine="assisted").status_code == 302
    assert now(article, "headline_en", "summary_en", "kind", "machine", "authors") == [
        "Theirs", "Mine.", "analysis", "assisted", None,
    ]  # fmt: skip
    assert edits(before) == [
        ("dung", ["headline_en"]),
        ("dung", ["kind"]),
        ("dung", ["authors"]),
        ("an", ["summary_en"]),
        ("an", ["machine"]),
    ]


def test_the_two_languages_merge(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_vi="Của bạn", body_vi="<p>Của bạn.</p>")
    assert save(an, article, mine, headline_en="Mine", body_en="<p>Mine.</p>").status_code == 302
    assert now(article, "headline_vi", "body_vi", "headline_en", "body_en") == [
        "Của bạn", "<p>Của bạn.</p>", "Mine", "<p>Mine.</p>",
    ]  # fmt: skip


def test_different_citations_and_new_ones_of_both_merge(article: Article, an: Client, dung: Client) -> None:
    mine, theirs, before = form_at(an, change_url(article)), form_at(dung, change_url(article)), last_edit()
    theirs = with_row(theirs, url="https://example.org/theirs")
    save(dung, article, theirs, **{"citations-0-quote": "Theirs."})
    mine = with_row(mine, url="https://example.org/mine")
    assert save(an, article, mine, **{"citations-1-quote": "Mine."}).status_code == 302
    assert cited(article, "url", "quote") == [
        (1, "https://example.org/1", "Theirs."),
        (2, "https://example.org/2", "Mine."),
        (3, "https://example.org/theirs", ""),
        (4, "https://example.org/mine", ""),
    ]
    assert edits(before) == [
        ("dung", ["citation 1"]), ("dung", ["citation 3"]), ("an", ["citation 2"]), ("an", ["citation 4"]),
    ]  # fmt: skip


def test_a_citation_that_only_the_other_deleted_is_deleted(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, **{"citations-0-DELETE": "on"})
    assert save(an, article, mine, headline_en="Mine").status_code == 302
    assert (cited(article), now(article, "headline_en")) == ([(2,)], ["Mine"])


def test_both_may_delete_the_same_and_type_the_same(article: Article, an: Client, dung: Client) -> None:
    mine, theirs, before = form_at(an, change_url(article)), form_at(dung, change_url(article)), last_edit()
    both: dict[str, str | list[str]] = {"citations-0-DELETE": "on", "headline_en": "Same"}
    for client, form in ((dung, theirs), (an, mine)):
        assert save(client, article, form, **both).status_code == 302
    assert edits(before) == [("dung", ["headline_en"]), ("dung", ["citation 1"])]


def test_whoever_saves_last_decides_on_the_order_alone(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, **{"citations-0-position": "7", "citations-1-position": "8", "citations-0-quote": "Q"})
    assert save(an, article, mine, **{"citations-0-position": "9"}).status_code == 302
    assert cited(article, "position", "quote") == [(2, 8, ""), (1, 9, "Q")]


def test_line_ends_and_spaces_of_a_browser_are_no_change(article: Article, desk: Desk, an: Client) -> None:
    article.body_en = "<p>One.</p>\n<p>Two.</p>"
    article.save(by=desk.an)
    form = form_at(an, change_url(article))
    article.body_en = "<p>Theirs.</p>"
    article.save(by=desk.dung)
    before = last_edit()
    assert save(an, article, form, body_en="<p>One.</p>\r\n<p>Two.</p> ").status_code == 302
    assert (now(article, "body_en"), edits(before)) == (["<p>Theirs.</p>"], [])


# --- what is refused and shown -----------------------------------------------------------------------


def test_the_same_field_is_refused_with_the_three_texts_and_all_that_was_typed(
    article: Article, an: Client, dung: Client
) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Headline Beta", summary_vi="Của bạn.")
    mine = changed(mine, {"headline_en": "Headline Gamma", "summary_en": "Typed.", "_submit": "en"})
    mine = with_row(mine, url="https://example.org/mine")
    with unchanged():
        response = save(an, article, mine)
    assert response.status_code == 409
    assert clashes(response) == {
        "Headline [en]": ("Headline Alpha", "Headline AlphaGamma", "Headline AlphaBeta"),
    }
    edit = Edit.objects.filter(by__username="dung").earliest("pk")
    when = timezone.localtime(edit.at)
    assert sides(response)[2].startswith(f"Saved by Dung, {when.day}" if when else "")
    kept = typed(response)
    assert kept["opened"] != mine["opened"]
    gone = {"opened", "_submit"}
    assert {name: kept.get(name) for name in mine if name not in gone} == {
        name: value for name, value in (mine | {"summary_vi": ["Của bạn."]}).items() if name not in gone
    }
    assert page(response).faults() == []


@pytest.mark.parametrize(("choice", "headline", "by"), [("mine", "Mine", ["an"]), ("theirs", "Theirs", [])])
def test_either_side_may_be_chosen_and_the_rest_goes_with_it(
    choice: str, headline: str, by: list[str], article: Article, an: Client, dung: Client
) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Theirs")
    form, before = typed(save(an, article, mine, headline_en="Mine", summary_en="Typed.")), last_edit()
    assert save(an, article, form, **{"choice-headline_en": choice}).status_code == 302
    assert now(article, "headline_en", "summary_en") == [headline, "Typed."]
    assert edits(before) == [("an", [*["headline_en"] * bool(by), "summary_en"])]


def test_mine_may_be_changed_once_more_with_the_choice(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Theirs")
    form = typed(save(an, article, mine, headline_en="Mine"))
    save(an, article, form, **{"choice-headline_en": "mine", "headline_en": "Mine and theirs"})
    assert now(article, "headline_en") == ["Mine and theirs"]


@pytest.mark.parametrize("choice", ["", "both", "x\0"])
def test_without_a_choice_it_is_refused_again_with_the_same_three(
    choice: str, article: Article, an: Client, dung: Client
) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Theirs")
    first = save(an, article, mine, headline_en="Mine")
    with unchanged():
        second = save(an, article, typed(first), **{"choice-headline_en": choice})
    assert (second.status_code, clashes(second), typed(second)) == (409, clashes(first), typed(first))


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_third_writer_in_between_is_a_conflict_again(
    choice: str, article: Article, desk: Desk, an: Client, dung: Client
) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Second")
    form = typed(save(an, article, mine, headline_en="First"))
    third = Article.objects.get(pk=article.pk)
    third.headline_en = "Third"
    third.save(by=desk.chi)
    with unchanged():
        response = save(an, article, form, **{"choice-headline_en": choice})
    assert clashes(response) == {
        "Headline [en]": ("Headline Alpha", "Headline AlphaFirst", "Headline AlphaThird"),
    }
    assert "Saved by Chi" in sides(response)[2]
    assert save(an, article, typed(response), **{"choice-headline_en": choice}).status_code == 302
    assert now(article, "headline_en") == [{"mine": "First", "theirs": "Third"}[choice]]


def test_what_was_chosen_stays_chosen_while_something_else_is_open(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Theirs", summary_en="Theirs.", kind="analysis", authors=[])
    first = save(an, article, mine, headline_en="Mine", summary_en="Mine.", kind="opinion")
    assert clashes(first)["Kind"] == ("news", "newsopinion", "newsanalysis")
    second = save(an, article, typed(first), **{"choice-headline_en": "mine", "choice-summary_en": "theirs"})
    assert list(clashes(second)) == ["Kind"]
    assert save(an, article, typed(second), **{"choice-kind": "theirs"}).status_code == 302
    assert now(article, "headline_en", "summary_en", "kind") == ["Mine", "Theirs.", "analysis"]


# --- citations in conflict ---------------------------------------------------------------------------


def test_the_same_citation_is_in_conflict_as_a_whole(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    other = factories.source("other")
    save(dung, article, theirs, **{"citations-0-source": str(other.pk), "citations-0-first_hand": []})
    with unchanged():
        response = save(an, article, mine, **{"citations-0-quote": "Mine."})
    was = "URL: https://example.org/1Source: ExampleStance: supports the claimFirst-hand: yesTitle: Document 1"
    assert clashes(response) == {
        "Citation [1]": (
            was,
            was + "Quote: Mine.",
            was.replace("Source: Example", "Source: ExampleOther").replace("yes", "yesno"),
        )
    }
    assert "Saved by Dung" in sides(response)[2]
    form = typed(response)
    assert (
        save(an, article, form, **{f"choice-citation-{article.citations.earliest('pk').pk}": "theirs"}).status_code
        == 302
    )
    assert cited(article, "source__slug", "first_hand", "quote")[0] == (1, "other", False, "")


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_citation_that_the_other_deleted_while_i_changed_it(
    choice: str, article: Article, an: Client, dung: Client
) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    pk = article.citations.earliest("pk").pk
    save(dung, article, theirs, **{"citations-0-DELETE": "on"})
    with unchanged():
        response = save(an, article, mine, **{"citations-0-quote": "Mine."})
    assert response.status_code == 409
    [(label, (_was, my, deleted))] = clashes(response).items()
    assert (label, my.endswith("Quote: Mine."), deleted) == ("Citation [1]", True, "Deleted.")
    again = save(an, article, typed(response))  # no choice
    assert (again.status_code, clashes(again)) == (409, clashes(response))
    assert save(an, article, typed(again), **{f"choice-citation-{pk}": choice}).status_code == 302
    expected = [(1, "Mine."), (2, "")] if choice == "mine" else [(2, "")]  # back, with the key that marks point to
    assert sorted(cited(article, "quote")) == expected


@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_a_citation_that_the_other_changed_while_i_deleted_it(
    choice: str, article: Article, an: Client, dung: Client
) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    pk = article.citations.earliest("pk").pk
    save(dung, article, theirs, **{"citations-0-quote": "Theirs."})
    with unchanged():
        response = save(an, article, mine, **{"citations-0-DELETE": "on"})
    assert (response.status_code, clashes(response)["Citation [1]"][1]) == (409, "Deleted.")
    assert save(an, article, typed(response), **{f"choice-citation-{pk}": choice}).status_code == 302
    assert cited(article, "quote") == ([(2, "")] if choice == "mine" else [(1, "Theirs."), (2, "")])


# --- a token that is not one -------------------------------------------------------------------------


def forged(article: Article, token: str, other: str) -> dict[str, str]:
    mine = Signer(key="another", salt=f"articles.opened.{article.pk}").sign_object({"base": {}, "shown": {}})
    return {"missing": "", "another's": other, "forged": mine, "cut": token[:-1], "nonsense": "a:b", "long": "x" * 9999}


@pytest.mark.parametrize("kind", ["missing", "another's", "forged", "cut", "nonsense", "long"])
def test_without_what_it_was_opened_with_whatever_differs_is_shown_and_nothing_lost(
    kind: str, article: Article, desk: Desk, an: Client, dung: Client
) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, summary_en="Theirs.")
    [other] = form_at(dung, change_url(factories.article(desk.an, "Beta")))["opened"]
    bad = forged(article, mine["opened"][0], other)[kind]
    with unchanged():
        response = save(an, article, mine, opened=bad, headline_en="Mine", **{"citations-1-quote": "Mine."})
    assert response.status_code == 409
    assert {label: texts[0] for label, texts in clashes(response).items()} == {
        "Headline [en]": "Not known.", "Summary [en]": "Not known.", "Citation [2]": "Not known.",
    }  # fmt: skip
    pk = article.citations.latest("pk").pk
    choices = {"choice-headline_en": "mine", "choice-summary_en": "theirs", f"choice-citation-{pk}": "mine"}
    assert save(an, article, typed(response), **choices).status_code == 302
    assert now(article, "headline_en", "summary_en") == ["Mine", "Theirs."]
    assert cited(article, "quote") == [(1, ""), (2, "Mine.")]


def test_a_forged_choice_or_row_reaches_nothing_that_was_not_shown(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Theirs")
    form = changed(mine, {"headline_en": "Mine", "choice-headline_en": "mine", "choice-x": "mine", "choice-": "theirs"})
    with unchanged():
        assert save(an, article, form).status_code == 409


def test_a_form_that_asks_to_be_shown_again_saves_nothing(article: Article, an: Client) -> None:
    form = form_at(an, change_url(article), {"headline_en": "Restored"})
    with unchanged():
        response = save(an, article, form, _show="1")
        new = an.post(ADD, form_at(an, ADD, {"headline_en": "Restored", "_show": "1"}))
    assert (response.status_code, new.status_code) == (200, 200)
    for shown in (response, new):
        assert typed(shown)["headline_en"] == ["Restored"]
        assert "This is what you typed. It is not saved yet." in page(shown).one("body").words


def test_what_is_restored_meets_what_was_saved_meanwhile(article: Article, an: Client, dung: Client) -> None:
    form, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Theirs", summary_en="Theirs.")
    response = save(an, article, form, headline_en="Restored", _show="1")
    assert (response.status_code, list(clashes(response))) == (409, ["Headline [en]"])
    assert typed(response)["summary_en"] == ["Theirs."]


# --- with faults, with a submission ------------------------------------------------------------------


def test_a_conflict_and_a_fault_are_told_at_once_and_nothing_typed_is_lost(
    article: Article, an: Client, dung: Client
) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, slug_en="theirs", summary_en="Theirs.")
    mine = changed(mine, {"slug_en": "not an address", "citations-0-url": "ftp://x", "headline_vi": "Mới"})
    with unchanged():
        response = save(an, article, mine)
    assert (response.status_code, list(clashes(response))) == (409, ["Address [en]"])
    assert len(page(response).faults()) == 2
    kept = typed(response)
    assert [kept[name] for name in ("slug_en", "citations-0-url", "headline_vi", "summary_en")] == [
        ["not an address"], ["ftp://x"], ["Mới"], ["Theirs."],
    ]  # fmt: skip


def test_after_a_fault_what_others_saved_meanwhile_still_stands(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, with_row(theirs, url="https://example.org/theirs"), headline_en="Theirs")
    response = save(an, article, mine, **{"slug_en": "not an address", "citations-1-quote": "Mine."})
    assert response.status_code == 200
    before = last_edit()
    assert save(an, article, typed(response), slug_en="an-address").status_code == 302
    assert now(article, "headline_en", "slug_en") == ["Theirs", "an-address"]
    assert cited(article, "url", "quote") == [
        (1, "https://example.org/1", ""), (2, "https://example.org/2", "Mine."), (3, "https://example.org/theirs", ""),
    ]  # fmt: skip
    assert edits(before) == [("an", ["slug_en"]), ("an", ["citation 2"])]


def test_save_and_submit_freezes_what_both_wrote_or_nothing(article: Article, an: Client, dung: Client) -> None:
    first, second, theirs = (form_at(client, change_url(article)) for client in (an, an, dung))
    save(dung, article, theirs, headline_en="Theirs")
    with unchanged():
        assert save(an, article, first, headline_en="Mine", _submit="en").status_code == 409
    assert save(an, article, second, summary_en="Mine.", _submit="en").status_code == 302
    version = Version.objects.get()
    assert (version.headline, version.summary) == ("Theirs", "Mine.")


def test_save_as_new_is_a_save_like_any_other(article: Article, an: Client, dung: Client) -> None:
    Citation.objects.get(article=article, key=1).delete(by=article.edits.earliest("pk").by)
    Citation.objects.get(article=article, key=2).delete(by=article.edits.earliest("pk").by)
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    save(dung, article, theirs, headline_en="Theirs")
    with unchanged():
        assert save(an, article, mine, headline_en="Mine", _saveasnew="1").status_code == 409


def test_who_may_change_articles_but_not_see_citations_saves_all_the_same(
    article: Article, dung: Client, enter: Enter
) -> None:
    person = factories.user("lone")
    person.user_permissions.set(Permission.objects.filter(codename__in=["change_article", "view_article"]))
    lone = enter(person)
    mine, theirs, before = form_at(lone, change_url(article)), form_at(dung, change_url(article)), cited(article, "url")
    save(dung, article, theirs, headline_en="Theirs")
    assert save(lone, article, mine, headline_en="Mine").status_code == 409
    assert save(lone, article, mine, summary_en="Mine.").status_code == 302
    assert (now(article, "headline_en", "summary_en"), cited(article, "url")) == (["Theirs", "Mine."], before)


def test_hostile_words_in_a_conflict_are_words(article: Article, an: Client, dung: Client) -> None:
    mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
    bad = "</textarea><script>alert(1)</script>"
    save(dung, article, theirs, headline_en=bad)
    response = save(an, article, mine, headline_en="Mine " + bad, **{"choice-headline_en": bad})
    assert response.status_code == 409
    assert [s.text for s in page(response).all("script") if "alert" in s.text] == []


# --- how many questions it asks ----------------------------------------------------------------------


def asked(client: Client, article: Article, status: int, form: Form | None = None) -> int:
    with CaptureQueriesContext(connection) as queries:
        response = save(client, article, form) if form else client.get(change_url(article))
    assert response.status_code == status
    return len(queries)


def test_a_conflict_and_a_save_ask_as_much_of_thirty_citations_as_of_two(
    article: Article, desk: Desk, an: Client, dung: Client
) -> None:
    def both(marker: str) -> tuple[int, int]:
        mine, theirs = form_at(an, change_url(article)), form_at(dung, change_url(article))
        rows = range(article.citations.count())
        save(dung, article, theirs, **{f"citations-{row}-quote": f"Theirs {marker}." for row in rows})
        drawn = asked(an, article, 200)  # of which the theme's choosers ask for each row
        mine = changed(mine, {f"citations-{row}-quote": f"Mine {marker}." for row in rows})
        refused = asked(an, article, 409, mine)
        return refused - drawn, asked(an, article, 302, form_at(an, change_url(article)))

    both("warm")
    two = both("two")
    for number in range(28):
        factories.cite(article, desk.an, factories.source(f"more{number}"))
    assert both("thirty") == two


# --- what the browser keeps --------------------------------------------------------------------------


def bar(client: Client, url: str) -> tuple[str, str, str]:
    """Whose drafts, of which article, and which of them were saved."""
    section = page(client.get(url)).one("section", id="drafts")
    return section["data-user"], section["data-article"], section["data-saved"]


def test_the_browser_is_told_which_of_what_it_keeps_was_saved(
    article: Article, desk: Desk, an: Client, dung: Client
) -> None:
    url, me = change_url(article), str(desk.an.pk)
    assert (bar(an, url), bar(an, ADD), bar(an, LIST)) == (
        (me, str(article.pk), ""), (me, "new", ""), (me, "", ""),
    )  # fmt: skip
    refused = save(an, article, form_at(an, url, {"slug_en": "not an address"}), draft="0123456789abcdef")
    assert (typed(refused)["draft"], bar(an, LIST)[2]) == (["0123456789abcdef"], "")
    save(an, article, form_at(an, url), draft="0123456789abcdef")
    an.post(ADD, form_at(an, ADD, {"headline_en": "New", "draft": "fedcba9876543210"}))
    assert bar(an, LIST)[2] == bar(an, url)[2] == "0123456789abcdef fedcba9876543210"
    assert bar(dung, LIST)[2] == ""
    for bad in ("", '"><script>', "x" * 32, "0" * 41):
        save(an, article, form_at(an, url), draft=bad)
    assert bar(an, LIST)[2] == "0123456789abcdef fedcba9876543210"


def test_who_may_only_look_has_nothing_to_keep_and_readers_have_no_script_for_it(
    article: Article, desk: Desk, enter: Enter
) -> None:
    shown = page(enter(desk.binh).get(change_url(article)))
    assert [element for element in shown.elements if element["name"] in {"opened", "draft"}] == []
    assert shown.all("section", id="drafts") == []
    factories.published(article, desk=desk)
    reader = Client().get("/en/articles/headline-alpha/").content.decode()
    assert ("headline-alpha" in reader, "draft" in reader) == (True, False)
