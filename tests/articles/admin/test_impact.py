"""The page before a source's change is saved: what it says, what it keeps, and that no other door leads past it."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.admin.impact import LENGTH
from articles.models import Publication
from sources.models import Source, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.admin.conftest import Enter, Form, Page, changed, form_at, page, typed, unchanged, with_row
from tests.factories import Desk

JUDGED = {"tier": "3", "review_by": "2030-01-01", "rationale_en": "It corrects openly."}
NOBODY = "This changes the number or a badge of no live article."
SAVE, BACK = "Save; these articles then wait to be reassessed", "Back to the form"


def url_of(source: Source, query: str = "") -> str:
    return f"/admin/sources/source/{source.pk}/change/{query}"


def live(desk: Desk, marker: str = "Alpha", *languages: str, source: Source | None = None) -> list[Publication]:
    article = factories.article(desk.an, marker)
    factories.cite(article, desk.an, source)
    return [factories.published(article, code, desk=desk) for code in languages or ("en",)]


def judged(client: Client, source: Source, tier: str = "3", **changes: str) -> Form:
    """The form as filled in by whoever gives the source another tier."""
    form = changed(form_at(client, url_of(source)), changes)
    return added(form, "assessments", **JUDGED | {"tier": tier})


def added(form: Form, prefix: str, **fields: str) -> Form:
    """The form with its blank row of that kind filled in."""
    return changed(form, {f"{prefix}-0-{name}": value for name, value in fields.items()})


def rows(shown: Page) -> list[str]:
    return [row.words for row in shown.all("li") if "desk-effects" in row.within[-1]["class"]]


def pressed(response: HttpResponse, button: str) -> Form:
    """What the page's form posts by this button."""
    shown = page(response)
    [press] = [each for each in shown.all("button") if each.words == button]
    form = shown.form(**{"class": "desk-decision"})
    form.pop("csrfmiddlewaretoken")
    return form | {press["name"]: [press["value"]]}


def said(response: HttpResponse, client: Client) -> list[str]:
    """The messages on the page that a save leads to."""
    return [str(each) for each in client.get(response.headers["Location"]).context["messages"]]


def since() -> list[bool]:
    return [at is not None for at in Publication.objects.order_by("pk").values_list("unsettled_since", flat=True)]


# --- it asks first -----------------------------------------------------------------------------------


def test_another_tier_is_not_saved_before_its_impact_was_agreed_to(desk: Desk, enter: Enter) -> None:
    live(desk, "Alpha", "en", "vi")
    live(desk, "Beta")
    live(desk, "Beside", source=factories.source("other"))
    drafted = factories.article(desk.an, "Draft")
    factories.cite(drafted, desk.an)
    factories.in_review(drafted, desk=desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    with unchanged():
        response = chi.post(url_of(source), judged(chi, source))
    shown = page(response)
    assert (response.status_code, shown.said("desk-title")) == (
        200, ["This changes the number or a badge of 2 live articles in 2 languages."],
    )  # fmt: skip
    told = "58%, likely to hold, tier 1, 1 independent source → 42%, unlikely to hold, tier 3, 1 independent source"
    assert rows(shown) == [f"Headline Alpha en {told}", f"Tiêu đề Alpha vi {told}", f"Headline Beta en {told}"]
    assert [each.words for each in shown.all("button") if each["class"].startswith("desk-button")] == [SAVE, BACK]
    assert list(response.context["messages"]) == []

    public = [Client().get(f"/en/articles/headline-{marker}/").content for marker in ("alpha", "beta")]
    response = chi.post(url_of(source), pressed(response, SAVE))
    assert (response.status_code, response.headers["Location"]) == (302, "/admin/sources/source/")
    assert Source.objects.with_tier().get(pk=source.pk).tier == 3
    assert SourceAssessment.objects.latest("pk").assessor == desk.chi
    assert since() == [True, True, True, False, False]
    # Readers keep what was approved, until a reviewer gives it new workings and says why.
    assert [Client().get(f"/en/articles/headline-{marker}/").content for marker in ("alpha", "beta")] == public
    assert "2 live articles wait to be reassessed now." in said(response, chi)


@pytest.mark.parametrize(
    ("prefix", "row"),
    [
        ("assessments", JUDGED | {"tier": "1"}),  # the tier that it has
        ("outcomes", {"held": "held", "weight": "0.001", "reason": "Stood."}),  # too little to be seen
        ("addresses", {"host": "elsewhere.org"}),
    ],
)
def test_what_changes_no_number_is_saved_at_once(prefix: str, row: dict[str, str], desk: Desk, enter: Enter) -> None:
    live(desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    form = form_at(chi, url_of(source), {"name_en": "Renamed"})
    form = with_row(form, prefix=prefix, **row) if prefix == "addresses" else added(form, prefix, **row)
    response = chi.post(url_of(source), form)
    assert response.status_code == 302
    assert NOBODY in said(response, chi)
    assert (Source.objects.get(pk=source.pk).name_en, since()) == ("Renamed", [False])


def test_what_cannot_be_kept_is_told_before_anything_else(desk: Desk, enter: Enter) -> None:
    live(desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    form = judged(chi, source, slug="a b")
    with unchanged():
        response = chi.post(url_of(source), form)
    assert page(response).faults() == ["Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."]
    assert typed(response) == form


def test_an_outcome_and_an_owner_ask_too(desk: Desk, enter: Enter) -> None:
    article = factories.article(desk.an)
    one, two = factories.source("one"), factories.source("two")
    for source in (one, two):
        factories.cite(article, desk.an, source)
    factories.published(article, desk=desk)
    chi = enter(desk.chi)
    owned = form_at(chi, url_of(two), {"owner": str(one.pk)})
    fallen = added(form_at(chi, url_of(two)), "outcomes", held="failed", weight="9", reason="Fell.")
    was = "Headline Alpha en 70%, likely to hold, tier 1, 2 independent sources → "
    for form, then in [(owned, "58%, likely to hold, tier 1, 1 independent source"),
                       (fallen, "62%, likely to hold, tier 1, 2 independent sources")]:  # fmt: skip
        with unchanged():
            response = chi.post(url_of(two), form)
        assert rows(page(response)) == [was + then]


def test_whoever_is_owned_changes_with_its_owner(desk: Desk, enter: Enter) -> None:
    """The owner of an owner: an article that cites neither, but two that it then owns."""
    group, house = factories.source("group"), factories.source("house")
    article = factories.article(desk.an)
    for source in (factories.source("paper", owner=house), factories.source("other", owner=group)):
        factories.cite(article, desk.an, source)
    factories.published(article, desk=desk)
    chi = enter(desk.chi)
    response = chi.post(url_of(house), form_at(chi, url_of(house), {"owner": str(group.pk)}))
    assert [row.partition(" → ")[2] for row in rows(page(response))] == [
        "58%, likely to hold, tier 1, 1 independent source"
    ]


def test_one_that_articles_have_it_from_changes_their_voices(desk: Desk, enter: Enter) -> None:
    article, post = factories.article(desk.an), factories.source("post")
    factories.cite(article, desk.an, factories.source("one"), first_hand=False, origin=post)
    factories.cite(article, desk.an, factories.source("two"))
    factories.published(article, desk=desk)
    chi = enter(desk.chi)
    response = chi.post(url_of(post), form_at(chi, url_of(post), {"owner": str(factories.source("two").pk)}))
    assert [row.split(" → ")[0][-21:] for row in rows(page(response))] == ["2 independent sources"]


def test_kinds_without_a_number_are_told_by_their_badge(desk: Desk, enter: Enter) -> None:
    article = factories.article(desk.an, kind="opinion")
    factories.cite(article, desk.an)
    factories.published(article, desk=desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    assert rows(page(chi.post(url_of(source), judged(chi, source)))) == [
        "Headline Alpha en tier 1, 1 independent source → tier 3, 1 independent source"
    ]


def test_the_largest_come_first_and_the_rest_is_counted(desk: Desk, enter: Enter) -> None:
    for number in range(LENGTH):
        live(desk, f"A{number}")
    both = factories.article(desk.an, "Both")
    for slug in ("other", "example"):
        factories.cite(both, desk.an, factories.source(slug))
    factories.published(both, desk=desk)
    live(desk, "Last")
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    shown = page(chi.post(url_of(source), judged(chi, source)))
    assert [row.split()[1] for row in rows(shown)] == [f"A{number}" for number in range(LENGTH)]
    assert [each.words for each in shown.all("p") if each.words.startswith("And ")] == [
        "And 2 more, which change less."
    ]


# --- nothing is lost, nothing slips through ----------------------------------------------------------


def test_back_to_the_form_shows_all_that_was_typed_and_saves_nothing(desk: Desk, enter: Enter) -> None:
    live(desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    form = with_row(judged(chi, source, description_en="<b>Typed</b>\n & kept"), prefix="addresses", host="more.org")
    with unchanged():
        asked = chi.post(url_of(source), form)
        back = chi.post(url_of(source), pressed(asked, BACK))
    assert (back.status_code, typed(back)) == (200, form)
    assert [str(each) for each in back.context["messages"]] == ["This is what you typed. It is not saved yet."]
    assert page(back).faults() == []
    again = chi.post(url_of(source), typed(back))
    assert rows(page(again)) == rows(page(asked))


def test_an_impact_that_changed_meanwhile_is_shown_again(desk: Desk, enter: Enter) -> None:
    live(desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    agreed = pressed(chi.post(url_of(source), judged(chi, source)), SAVE)
    live(desk, "Beta")
    for forged in ({}, {"agreed": ["0" * 64]}, {"agreed": [""]}):
        with unchanged():
            response = chi.post(url_of(source), agreed | forged)
        assert (response.status_code, len(rows(page(response)))) == (409, 2)
        assert page(response).said("desk-refused") == [
            "Something changed meanwhile: this is what your change does now. Look again, then save."
        ]
    assert chi.post(url_of(source), pressed(response, SAVE)).status_code == 302


def test_the_agreed_post_is_asked_for_its_permission_and_its_token_again(desk: Desk, enter: Enter) -> None:
    live(desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    agreed = pressed(chi.post(url_of(source), judged(chi, source)), SAVE)
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(desk.chi)
    with unchanged():
        assert enter(desk.an).post(url_of(source), agreed).status_code == 403
        assert strict.post(url_of(source), agreed).status_code == 403
        desk.chi.groups.clear()
        assert chi.post(url_of(source), agreed).status_code == 403


def test_from_the_citation_form_it_is_the_same_door(desk: Desk, enter: Enter) -> None:
    live(desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    popup = url_of(source, "?_to_field=id&_popup=1")
    form = added(form_at(chi, popup), "assessments", **JUDGED)
    with unchanged():
        response = chi.post(popup, form)
    agreed = pressed(response, SAVE)
    assert (len(rows(page(response))), agreed["_popup"]) == (1, ["1"])
    assert "dismissChangeRelatedObjectPopup" in str(chi.post(popup, agreed).context["popup_response_data"]) or (
        SourceAssessment.objects.filter(source=source).count() == 2
    )
    assert since() == [True]


def test_no_other_screen_changes_a_tier_a_record_or_an_owner() -> None:
    """One admin of the register, with nothing to edit in its list, no action, and no inline of its rows elsewhere."""
    judging = {Source, SourceAssessment, SourceOutcome}
    register = admin.site._registry[Source]
    assert (register.list_editable, register.actions or []) == ((), [])
    assert judging & set(admin.site._registry) == {Source}
    inlines = {model: {inline.model for inline in each.inlines} for model, each in admin.site._registry.items()}
    assert {model for model, rows in inlines.items() if rows & judging} == {Source}
    assert [each.__name__ for each in type(register).__mro__[1:4]] == ["MergeScreens", "ImpactScreens", "SourceAdmin"]


def test_a_list_forged_into_editing_changes_nothing(desk: Desk, enter: Enter) -> None:
    live(desk)
    source = Source.objects.get(slug="example")
    forged = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-id": str(source.pk), "form-0-owner": "",
              "form-0-tier": "4", "form-0-kind": "person", "_save": "Save"}  # fmt: skip
    with unchanged():
        enter(desk.chi).post("/admin/sources/source/", forged)


def test_a_new_source_changes_nobody_and_says_nothing_of_it(desk: Desk, enter: Enter) -> None:
    chi, add = enter(desk.chi), "/admin/sources/source/add/"
    form = form_at(chi, add, {"name_en": "New", "name_vi": "Mới", "slug": "new"})
    response = chi.post(add, added(form, "assessments", **JUDGED))
    assert response.status_code == 302
    assert NOBODY not in said(response, chi)


def test_it_asks_as_much_of_thirty_articles_as_of_one(desk: Desk, enter: Enter) -> None:
    chi = enter(desk.chi)

    def asked() -> int:
        form = judged(chi, Source.objects.get(slug="example"))
        with CaptureQueriesContext(connection) as queries:
            assert chi.post(url_of(Source.objects.get(slug="example")), form).status_code == 200
        return len(queries)

    live(desk)
    one = asked()
    for number in range(29):
        live(desk, f"A{number}")
    assert asked() == one


# --- the desk ----------------------------------------------------------------------------------------


def test_what_waits_stands_on_the_desk_until_it_is_reassessed_with_a_note(desk: Desk, enter: Enter) -> None:
    [publication] = live(desk)
    factories.published(factories.article(desk.an, "Beside"), desk=desk)
    source, chi, binh = Source.objects.get(slug="example"), enter(desk.chi), enter(desk.binh)
    chi.post(url_of(source), pressed(chi.post(url_of(source), judged(chi, source)), SAVE))
    shown = page(binh.get("/admin/articles/publication/lists/unsettled/"))
    assert [row.words for row in shown.all("li") if "desk-rows" in row.within[-1]["class"]] == [
        "Headline Alpha en · waits 0 min 58%, likely to hold, tier 1, 1 independent source → "
        "42%, unlikely to hold, tier 3, 1 independent source"
    ]
    reassess = f"/admin/articles/publication/{publication.pk}/reassess/"
    assert [link["href"] for link in shown.all("a") if link.words == "Headline Alpha"] == [reassess]
    form = page(binh.get(reassess)).form(**{"class": "desk-decision desk-wide"})
    assert binh.post(reassess, form | {"note": [""]}).status_code == 409
    assert since() == [True, False]
    assert b"58% confidence" in Client().get("/en/articles/headline-alpha/").content
    assert binh.post(reassess, form | {"note": ["Its tier changed."]}).status_code == 302
    assert since() == [False, False]
    told = Client().get("/en/articles/headline-alpha/").content.decode()
    assert ("42% confidence" in told, "Its tier changed." in told) == (True, True)


def test_a_change_back_lets_it_wait_no_more(desk: Desk, enter: Enter) -> None:
    live(desk)
    source, chi = Source.objects.get(slug="example"), enter(desk.chi)
    chi.post(url_of(source), pressed(chi.post(url_of(source), judged(chi, source)), SAVE))
    at = Publication.objects.get().unsettled_since
    further = chi.post(url_of(source), judged(chi, source, "4"))
    assert [row.partition(" → ")[2].split(",")[0] for row in rows(page(further))] == ["33%"]
    chi.post(url_of(source), pressed(further, SAVE))
    assert Publication.objects.get().unsettled_since == at  # it waits since then
    assert chi.post(url_of(source), form_at(chi, url_of(source), {"name_en": "Other"})).status_code == 302
    assert since() == [True]
    back = chi.post(url_of(source), judged(chi, source, "1"))
    assert (back.status_code, since()) == (302, [False])


def test_the_list_asks_as_much_of_thirty_as_of_one(desk: Desk, enter: Enter) -> None:
    binh = enter(desk.binh)

    def asked(tier: int) -> int:
        source = Source.objects.get(slug="example")
        SourceAssessment(source=source, tier=tier, assessor=desk.chi, review_by=date(2030, 1, 1)).save()
        workflow.unsettle([source.pk])
        with CaptureQueriesContext(connection) as queries:
            shown = page(binh.get("/admin/articles/publication/lists/unsettled/"))
        assert shown.said("desk-count") == [str(Publication.objects.count())]
        return len(queries)

    live(desk)
    one = asked(3)
    for number in range(29):
        live(desk, f"A{number}")
    assert asked(2) == one
