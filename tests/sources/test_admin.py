"""The register in the admin: sources are kept, judgements of them are only ever added, and by librarians alone."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation
from django.utils.formats import date_format
from zeal import zeal_ignore

from sources.joining import join
from sources.models import Source, SourceAddress, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.admin.conftest import Element, Page, changed, form_at, page, reads_only, typed, unchanged, with_row
from tests.factories import Desk

Enter = Callable[[User], Client]
LIST, ADD = "/admin/sources/source/", "/admin/sources/source/add/"
NEW = {"name_en": "Daily Example", "name_vi": "Báo Ví Dụ", "slug": "daily-example", "kind": "publication"}
JUDGED = {"tier": "2", "review_by": "2030-01-01", "rationale_en": "Corrects openly.", "rationale_vi": "Đính chính."}


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def enter(signed_in: Enter) -> Enter:
    def client(user: User) -> Client:
        browser = signed_in(user)
        browser.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
        return browser

    return client


@pytest.fixture
def source(desk: Desk) -> Source:
    """With one address, one assessment and one outcome, saved once by the form."""
    row = factories.source(by=desk.chi, description_vi="", description_en="")
    SourceOutcome(source=row, held=True, reason="Stood.", by=desk.chi, subject="article:7").save()
    return row


def change_url(source: Source) -> str:
    return f"/admin/sources/source/{source.pk}/change/"


def judged(**fields: str) -> dict[str, str | list[str]]:
    """The block "Assess it again", filled in."""
    return {f"assessments-0-{name}": value for name, value in (JUDGED | fields).items()}


def recorded(**fields: str) -> dict[str, str | list[str]]:
    """The block "Add an outcome"."""
    return {f"outcomes-0-{name}": value for name, value in ({"held": "held", "weight": "1"} | fields).items()}


def judgements() -> list[tuple[int, list[str], str, str, str, str]]:
    return [
        (row.tier, row.criteria, row.rationale_en, row.rationale_vi, str(row.review_by), row.assessor.username)
        for row in SourceAssessment.objects.select_related("assessor").order_by("pk")
    ]


# --- what a librarian keeps --------------------------------------------------------------------------


def test_a_librarian_enters_a_source_with_its_address_and_the_first_judgement_of_it(desk: Desk, enter: Enter) -> None:
    chi, owner = enter(desk.chi), factories.source("owner", tier=None)
    form = with_row(form_at(chi, ADD, NEW | {"owner": str(owner.pk)}), prefix="addresses", host="Daily.Example")
    form = with_row(form, prefix="addresses", host="https://www.daily.example/", path="Science/")
    form = changed(form, judged() | {"assessments-0-criteria": ["corrections", "ownership"]})
    response = chi.post(ADD, form)
    assert (response.status_code, response.headers["Location"]) == (302, LIST)
    source = Source.objects.with_tier().get(slug="daily-example")
    assert (source.name_en, source.name_vi, source.kind, source.owner, source.tier) == (
        "Daily Example", "Báo Ví Dụ", "publication", owner, 2,
    )  # fmt: skip
    assert list(source.addresses.order_by("pk").values_list("host", "path")) == [
        ("daily.example", ""),
        ("daily.example", "science"),
    ]
    assert judgements() == [(2, ["corrections", "ownership"], "Corrects openly.", "Đính chính.", "2030-01-01", "chi")]


def test_a_later_judgement_counts_and_the_earlier_stays(source: Source, desk: Desk, enter: Enter) -> None:
    chi, earlier = enter(desk.chi), judgements()
    response = chi.post(change_url(source), form_at(chi, change_url(source), judged()))
    assert response.status_code == 302
    assert judgements() == [*earlier, (2, [], "Corrects openly.", "Đính chính.", "2030-01-01", "chi")]
    assert Source.objects.with_tier().get(pk=source.pk).tier == 2
    assert "2: reliable" in page(chi.get(LIST)).one("body").words


def test_a_word_that_was_replaced_or_taken_back_is_told_as_such(source: Source, desk: Desk, enter: Enter) -> None:
    for subject, held, weight in (("article:1/a", True, 1), ("article:1/a", False, 2), ("article:1/b", False, 0)):
        SourceOutcome(source=source, held=held, weight=weight, reason="Why.", by=desk.chi, subject=subject).save()
    today = date_format(timezone.localdate())
    rows = [each.words for each in page(enter(desk.chi).get(change_url(source))).all("li") if "Why." in each.words]
    assert [row.partition(f" · {today}")[0] for row in rows] == [
        "Taken back",
        "Failed · weight 2",
        "Held · weight 1 · counts no more: a later word took its place",
    ]


def test_an_outcome_is_recorded_in_the_name_of_who_records_it(source: Source, desk: Desk, enter: Enter) -> None:
    chi, url = enter(desk.chi), change_url(source)
    form = form_at(chi, url, recorded(weight="0.5", reason="Held up in court."))
    forged = {"outcomes-0-by": str(desk.an.pk), "outcomes-0-subject": "article:1", "outcomes-0-at": "2020-01-01"}
    assert chi.post(url, changed(form, forged)).status_code == 302
    row = SourceOutcome.objects.latest("pk")
    assert (row.source, row.held, row.weight, row.reason, row.by, row.subject, row.at.year) == (
        source, True, Decimal("0.5"), "Held up in court.", desk.chi, "", SourceOutcome.objects.earliest("pk").at.year,
    )  # fmt: skip


def test_a_save_without_a_change_judges_nothing_again(source: Source, desk: Desk, enter: Enter) -> None:
    chi, url = enter(desk.chi), change_url(source)
    with unchanged():
        assert chi.post(url, form_at(chi, url)).status_code == 302


def test_an_address_can_be_moved_and_taken_away(source: Source, desk: Desk, enter: Enter) -> None:
    chi, url = enter(desk.chi), change_url(source)
    chi.post(url, form_at(chi, url, {"addresses-0-host": "x.com", "addresses-0-path": "Example"}))
    assert list(source.addresses.values_list("host", "path")) == [("x.com", "example")]
    chi.post(url, form_at(chi, url, {"addresses-0-DELETE": "on"}))
    assert list(source.addresses.all()) == []


# --- what is judged stays judged ---------------------------------------------------------------------


@pytest.mark.parametrize("name", ["chi", "root"])
@pytest.mark.parametrize(
    "forged",
    [
        judged(tier="4") | {"assessments-INITIAL_FORMS": "1", "assessments-0-id": "{assessment}"},
        {"assessments-INITIAL_FORMS": "1", "assessments-0-id": "{assessment}", "assessments-0-DELETE": "on"},
        judged(tier="4") | {"assessments-0-id": "{assessment}", "assessments-0-DELETE": "on", "assessments-0-tier": ""},
        {"assessments-0-assessor": "1", "assessments-0-at": "2020-01-01"},
        recorded(held="failed", reason="Forged.") | {"outcomes-INITIAL_FORMS": "1", "outcomes-0-id": "{outcome}"},
        {"outcomes-INITIAL_FORMS": "1", "outcomes-0-id": "{outcome}", "outcomes-0-DELETE": "on"},
        {"outcomes-0-subject": "article:1", "outcomes-0-by": "1"},
        {"_saveasnew": "1"},
        {"_popup": "1"},
        {"tier": "1", "id": "99", "name": "Forged", "assessor": "1"},
        {"action": "delete_selected", "_selected_action": "1", "post": "yes", "delete": "1"},
    ],
)
def test_a_forged_form_changes_no_judgement_and_no_record(
    forged: dict[str, str], name: str, source: Source, desk: Desk, enter: Enter
) -> None:
    client = enter(factories.user("root", is_superuser=True) if name == "root" else desk.chi)
    numbers = {"assessment": source.assessments.get().pk, "outcome": source.outcomes.get().pk}
    filled = {name: value.format(**numbers) for name, value in forged.items()}
    form = form_at(client, change_url(source), filled)
    with unchanged():
        assert client.post(change_url(source), form).status_code in {200, 302}


@pytest.mark.parametrize("name", ["addresses-0-id", "assessments-0-id", "outcomes-0-id"])
def test_another_sources_rows_cannot_be_reached_through_this_form(
    name: str, source: Source, desk: Desk, enter: Enter
) -> None:
    other = factories.source("other", by=desk.chi)
    SourceOutcome(source=other, held=True, reason="Stood.", by=desk.chi).save()
    models = {"addresses": SourceAddress, "assessments": SourceAssessment, "outcomes": SourceOutcome}
    model = models[name.partition("-")[0]]
    foreign = model.objects.filter(source=other)
    before = list(foreign.values())
    chi, prefix = enter(desk.chi), name.removesuffix("id")
    forged = {
        name: str(foreign.get().pk),
        f"{prefix}tier": "4",
        f"{prefix}host": "forged.example",
        f"{prefix}DELETE": "",
    }
    for deleted in ("", "on"):
        chi.post(change_url(source), form_at(chi, change_url(source), forged | {f"{prefix}DELETE": deleted}))
        assert list(foreign.values()) == before


@pytest.mark.parametrize("name", ["an", "binh", "chi", "root"])
def test_nobody_deletes_a_source(name: str, source: Source, desk: Desk, enter: Enter) -> None:
    client = enter(factories.user("root", is_superuser=True) if name == "root" else getattr(desk, name))
    forged = {"action": "delete_selected", "_selected_action": str(source.pk), "post": "yes", "select_across": "1"}
    with unchanged():
        assert client.post(f"/admin/sources/source/{source.pk}/delete/", {"post": "yes"}).status_code == 403
        assert client.post(LIST, forged).status_code in {200, 302}
    assert page(client.get(LIST)).all("select", name="action") == []


# --- what others may ---------------------------------------------------------------------------------


def test_an_editor_enters_a_source_but_does_not_judge_it_by_any_field(desk: Desk, enter: Enter) -> None:
    an = enter(desk.an)
    form = with_row(form_at(an, ADD, NEW), prefix="addresses", host="daily.example")
    forged = {f"assessments-0-{name}": value for name, value in JUDGED.items()}
    forged |= {"assessments-TOTAL_FORMS": "1", "assessments-MAX_NUM_FORMS": "1000", "assessments-0-assessor": "1"}
    forged |= {
        "outcomes-TOTAL_FORMS": "1",
        "outcomes-0-held": "on",
        "outcomes-0-weight": "9",
        "outcomes-0-reason": "So.",
    }
    assert an.post(ADD, changed(form, forged)).status_code == 302
    assert [str(row) for row in SourceAddress.objects.all()] == ["daily.example"]
    assert (SourceAssessment.objects.count(), SourceOutcome.objects.count()) == (0, 0)
    assert Source.objects.with_tier().get().tier is None


@pytest.mark.parametrize("name", ["an", "binh", "dung", "em"])
def test_only_librarians_change_a_source(name: str, source: Source, desk: Desk, enter: Enter) -> None:
    form = form_at(enter(desk.chi), change_url(source), {"name_en": "Forged", "addresses-0-host": "forged.example"})
    form = changed(form, judged())
    with unchanged():
        assert enter(getattr(desk, name)).post(change_url(source), form).status_code == 403


@pytest.mark.parametrize("name", ["an", "binh", "chi"])
def test_looking_at_a_source_writes_nothing(name: str, source: Source, desk: Desk, enter: Enter) -> None:
    client = enter(getattr(desk, name))
    with unchanged(), reads_only():
        assert client.get(change_url(source)).status_code == 200
        assert client.get(LIST).status_code == 200


# --- what cannot be kept as it is --------------------------------------------------------------------

PLATFORM = "x.com is a platform: the source of a post is its author. Give the address of the post or of the account."


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name_en": "", "name_vi": ""}, "Give the source a name in at least one language."),
        ({"name_en": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
        ({"name_vi": "A\0b"}, "Null characters are not allowed."),
        ({"slug": "other"}, "“other” is the address of “Other”. Choose another one."),
        ({"slug": "a b"}, "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        ({"slug": "", "name_en": "", "name_vi": "漢字"}, "Write an address: none can be made from the name."),
        ({"slug": "", "name_vi": "Other"}, "“other” is the address of “Other”. Choose another one."),
        ({"addresses-0-host": "x.com"}, PLATFORM),
        ({"addresses-0-host": "localhost"}, "“https://localhost” is not a web address."),
        (
            {"addresses-0-host": "exa mple.org"},
            "The address contains a space or a character that no address may contain.",
        ),
        ({"addresses-0-host": "ftp://example.org"}, "The address must start with https:// or http://."),
        ({"addresses-0-host": ""}, "This field is required."),
        ({"addresses-0-host": "WWW.Other.org"}, "“Other” publishes at other.org already."),
    ],
)
def test_what_cannot_be_kept_is_told_in_a_sentence_and_all_that_was_typed_stays(
    changes: dict[str, str], sentence: str, source: Source, desk: Desk, enter: Enter
) -> None:
    factories.source("other")
    chi, url = enter(desk.chi), change_url(source)
    form = form_at(chi, url, {"description_en": "Typed a moment ago."} | changes)
    with unchanged():
        response = chi.post(url, form)
    assert response.status_code == 200
    assert page(response).faults() == [sentence]
    assert typed(response) == form


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        (judged(tier=""), "This field is required."),
        (judged(tier="5"), "Select a valid choice. 5 is not one of the available choices."),
        (judged(tier="0"), "Select a valid choice. 0 is not one of the available choices."),
        (judged(review_by="soon"), "Enter a valid date."),
        (judged(review_by="2020-01-01"), "An assessment holds for a while: give a day that is still to come."),
        (
            judged(review_by=str(timezone.localdate())),
            "An assessment holds for a while: give a day that is still to come.",
        ),
        (judged(criteria="charming"), "Select a valid choice. charming is not one of the available choices."),
        (judged(rationale_en=" ", rationale_vi=""), "Say why, in at least one language: readers are shown it."),
        (recorded(weight="-1", reason="So."), "Ensure this value is greater than or equal to 0."),
        (recorded(reason=""), "This field is required."),
        (recorded(held="", reason="So."), "This field is required."),
        (recorded(weight="NaN", reason="So."), "Enter a number."),
    ],
)
def test_a_judgement_that_cannot_be_kept_is_told_in_a_sentence(
    row: dict[str, str], sentence: str, source: Source, desk: Desk, enter: Enter
) -> None:
    chi, url = enter(desk.chi), change_url(source)
    form = form_at(chi, url, {"name_en": "Typed a moment ago."} | row)
    with unchanged():
        response = chi.post(url, form)
    shown = page(response)
    assert (response.status_code, shown.faults()) == (200, [sentence])
    unknown = (["charming"], ["5"], ["0"])  # what no browser could have chosen
    kept = {name: value for name, value in form.items() if value not in unknown}
    assert {name: value for name, value in typed(response).items() if name in kept} == kept
    [block] = [each for each in shown.all("details") if "open" in each.attributes]
    assert sentence in block.words


def test_owners_do_not_go_in_a_circle(source: Source, desk: Desk, enter: Enter) -> None:
    owned = factories.source("owned", owner=factories.source("between", owner=source))
    chi, url = enter(desk.chi), change_url(source)
    for owner in (source, owned):
        form = form_at(chi, url)
        with unchanged(), zeal_ignore([{"model": "sources.Source"}]):  # the one changed, and the owner chosen
            response = chi.post(url, changed(form, {"owner": str(owner.pk)}))
        assert page(response).faults() == ["A source cannot own itself, not even through others."]


# --- what is told beside the form ---------------------------------------------------------------------


def block(shown: Page, name: str) -> Element:
    return shown.one("section", id=f"{name}-group")


def test_the_judgements_are_told_the_latest_first_and_the_one_that_counts_is_marked(
    source: Source, desk: Desk, enter: Enter
) -> None:
    late = date(2026, 1, 1)
    SourceAssessment(
        source=source, tier=3, assessor=desk.chi, review_by=late, rationale_vi="Ít ai biết.",
        criteria=["identity", "ownership"],
    ).save()  # fmt: skip
    shown = page(enter(desk.binh).get(change_url(source)))
    told = [each.words for each in shown.all("li") if block(shown, "assessments") in each.within]
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    assert told == [
        f"Tier 3: mixed or little known counts now overdue {day} · Chi · to be assessed again by 1 January 2026 "
        "Ít ai biết. Criteria met: says who owns it, a person: is who they say",
        f"Tier 1: authoritative: first-hand or with a long clean record {day} · Chi · "
        "to be assessed again by 1 January 2030",
    ]
    assert [each.words for each in shown.all("p", lang="vi")] == ["Ít ai biết."]


def test_the_record_is_told_as_counts_and_one_by_one(source: Source, desk: Desk, enter: Enter) -> None:
    SourceOutcome(source=source, held=False, weight=Decimal("0.5"), reason="It fell.", by=desk.an).save()
    shown = page(enter(desk.binh).get(change_url(source)))
    told = block(shown, "outcomes")
    assert shown.one("h2", id="outcomes-heading").words == "Its record: 1 held, 0.5 failed"
    day = date_format(timezone.localdate(), "DATE_FORMAT")
    assert [each.words for each in shown.all("li") if told in each.within] == [
        f"Failed · weight 0.5 · {day} · An It fell.",
        f"Held · weight 1 · {day} · Chi Stood.",
    ]
    assert "article:7" not in shown.one("body").text


def test_one_block_each_is_at_hand_for_who_may_judge_and_none_for_who_may_not(
    source: Source, desk: Desk, enter: Enter
) -> None:
    def blocks(person: User, url: str) -> list[str]:
        shown = page(enter(person).get(url))
        return [each.words for each in shown.all("summary") if shown.one("div", id="content-main") in each.within]

    unrated = factories.source("unrated", tier=None)
    assert blocks(desk.chi, change_url(source)) == ["Assess it again", "Add an outcome"]
    assert blocks(desk.chi, change_url(unrated)) == ["Assess it", "Add an outcome"]
    assert blocks(desk.chi, ADD) == ["Assess it", "Add an outcome"]
    assert [blocks(person, change_url(source)) for person in (desk.an, desk.binh)] == [[], []]
    assert blocks(desk.an, ADD) == []


def test_it_is_to_be_assessed_again_in_a_year_unless_somebody_says_otherwise(
    source: Source, desk: Desk, enter: Enter
) -> None:
    chi, url = enter(desk.chi), change_url(source)
    form = form_at(chi, url)
    assert form["assessments-0-review_by"] == [str(timezone.localdate() + timedelta(days=365))]
    with unchanged():  # a form that was opened the day before judges nothing by it
        chi.post(url, changed(form, {"assessments-0-review_by": "2031-01-01"}))


def test_the_criteria_of_who_speaks_for_themselves_stand_apart(source: Source, desk: Desk, enter: Enter) -> None:
    shown = page(enter(desk.chi).get(change_url(source)))
    groups: dict[str, list[str]] = {}
    group = ""
    for label in (each for each in shown.all("label") if block(shown, "assessments") in each.within):
        if label["for"].startswith("id_assessments-0-criteria_"):
            groups[group].append(label.words)
        else:
            group = label.words
            groups[group] = []
    assert groups["of whoever publishes"] == [
        "says who owns it", "separates news from opinion", "corrects openly", "names its sources",
        "no repeated falsehoods",
    ]  # fmt: skip
    assert groups["of a person, or of a body that speaks for itself"] == [
        "a person: is who they say", "a person: speaks of what they did or know at first hand",
    ]  # fmt: skip


def test_the_owner_group_is_told_up_to_the_top(source: Source, desk: Desk, enter: Enter) -> None:
    top = factories.source("top")
    source.owner = factories.source("house", owner=top)
    source.save()
    factories.source("sister", owner=top)
    shown = page(enter(desk.binh).get(change_url(source)))
    assert [each.words for each in shown.all("p") if "House" in each.words or "Sister" in each.words] == [
        "Belongs to House → Top",
        "One voice with Sister",
    ]


def test_another_of_the_same_name_is_told_of_when_it_is_added_and_on_its_page_and_blocks_nothing(
    desk: Desk, enter: Enter
) -> None:
    other = factories.source("other", name_vi="BAO VI DU", name_en=None)
    factories.source("not-the-same", name_vi="Báo Ví Dụ Mới", name_en="Example")
    an = enter(desk.an)
    response = an.post(ADD, with_row(form_at(an, ADD, NEW), prefix="addresses", host="daily.example"), follow=True)
    text = "Saved, but the register knows another of this name: BAO VI DU. Is it the same?"
    assert text in page(response).one("body").words
    added = Source.objects.get(slug="daily-example")
    for row, name in (
        (added, "BAO VI DU (organisation, other)"),
        (other, "Daily Example (publication, daily-example)"),
    ):
        shown = page(an.get(change_url(row)))
        asked = [each for each in shown.all("div") if "desk-drafts" in each["class"]]
        assert [each.words for each in asked] == [f"The register knows another of this name. Is it the same? {name}"]


def test_a_new_name_is_told_of_nobody(desk: Desk, enter: Enter) -> None:
    factories.source("other")
    an = enter(desk.an)
    response = an.post(ADD, with_row(form_at(an, ADD, NEW), prefix="addresses", host="daily.example"), follow=True)
    assert "Is it the same?" not in response.content.decode()


# --- what was merged into another ----------------------------------------------------------------------


def test_what_was_merged_is_only_looked_at_and_leads_to_the_other(source: Source, desk: Desk, enter: Enter) -> None:
    other, chi = factories.source("other"), enter(desk.chi)
    form = form_at(chi, change_url(source), {"name_en": "Forged"} | judged())
    join(source, other)
    shown = page(chi.get(change_url(source)))
    assert shown.one("a", href=change_url(other)).words == "Other"
    assert shown.all("input", name="name_en") == []
    assert "Tier 1" in block(shown, "assessments").words
    with unchanged():
        assert chi.post(change_url(source), form).status_code == 403
    assert "Merged into it: Example (example)" in page(chi.get(change_url(other))).one("body").words


def test_what_was_merged_is_in_no_list_and_owns_nothing(source: Source, desk: Desk, enter: Enter) -> None:
    other, chi = factories.source("other"), enter(desk.chi)
    form = form_at(chi, change_url(other), {"owner": str(source.pk)})
    join(source, factories.source("third"))
    assert names(chi) == ["Other", "Third"]
    query = {"app_label": "sources", "model_name": "source", "field_name": "owner"}
    found = chi.get("/admin/autocomplete/", query).json()["results"]
    assert [each["text"] for each in found] == ["Other", "Third"]
    with unchanged(), zeal_ignore([{"model": "sources.Source"}]):  # the one changed, and the owner chosen
        response = chi.post(change_url(other), form)
    assert page(response).faults() == ["Select a valid choice. That choice is not one of the available choices."]


# --- the list ------------------------------------------------------------------------------------------


def names(client: Client, **query: str) -> list[str]:
    shown = page(client.get(LIST, query))
    return [each.words for each in shown.all("a") if each["href"].startswith(f"{LIST}") and "/change/" in each["href"]]


@pytest.fixture
def register(desk: Desk) -> None:
    for slug, tier, by, kind in (
        ("bao-doi", 1, "2020-01-01", "publication"), ("le-monde", 2, "2031-01-01", "publication"),
        ("ministry", 1, "2031-01-01", "government"), ("nobody", None, "", "person"),
    ):  # fmt: skip
        row = factories.source(slug, tier=None, kind=kind)
        if tier:
            SourceAssessment(source=row, tier=tier, assessor=desk.chi, review_by=by).save()
    row = Source.objects.get(slug="bao-doi")
    row.name_vi, row.name_en = "Báo Đời", "The Life"
    row.save()
    SourceAddress.objects.create(source=row, host="x.com", path="thelife")
    SourceOutcome(source=row, held=True, weight=Decimal("1.5"), reason="Stood.", by=desk.chi).save()


def test_the_list_tells_where_each_source_stands(register: None, desk: Desk, enter: Enter) -> None:
    shown = page(enter(desk.binh).get(LIST))
    rows = [
        [cell.words for cell in shown.all("td") if row in cell.within and "field-" in cell["class"]]
        for row in shown.all("tr")
    ]
    assert [row for row in rows if row] == [
        ["publication", "-", "1: authoritative: first-hand or with a long clean record", "1.5 held, 0 failed",
         "overdue since 1 Jan 2020"],
        ["publication", "-", "2: reliable", "–", "1 Jan 2031"],
        ["government body", "-", "1: authoritative: first-hand or with a long clean record", "–", "1 Jan 2031"],
        ["person", "-", "not rated", "–", "–"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"tier": "1"}, ["The Life", "Ministry"]),
        ({"tier": "none"}, ["Nobody"]),
        ({"tier": "7"}, ["The Life", "Le-Monde", "Ministry", "Nobody"]),
        ({"assessment": "overdue"}, ["The Life"]),
        ({"kind__exact": "government"}, ["Ministry"]),
        ({"tier": "1", "kind__exact": "publication"}, ["The Life"]),
        ({"q": "bao doi"}, ["The Life"]),
        ({"q": "ĐỜI"}, ["The Life"]),
        ({"q": "life the"}, ["The Life"]),
        ({"q": "x.com/THE"}, ["The Life"]),
        ({"q": "www.ministry.org"}, ["Ministry"]),
        ({"q": "https://ministry.org/a?b"}, ["Ministry"]),
        ({"q": "https://x.com/other/1"}, []),
        ({"q": "%"}, []),
        ({"q": "  "}, ["The Life", "Le-Monde", "Ministry", "Nobody"]),
    ],
)
def test_the_list_is_narrowed_and_searched(
    query: dict[str, str], found: list[str], register: None, desk: Desk, enter: Enter
) -> None:
    assert names(enter(desk.binh), **query) == found


# --- how many questions it asks ----------------------------------------------------------------------


def test_the_register_asks_as_much_of_thirty_sources_as_of_one(source: Source, desk: Desk, enter: Enter) -> None:
    def asked(url: str) -> int:
        chi.get(url)
        with CaptureQueriesContext(connection) as queries:
            assert chi.get(url).status_code == 200
        return len(queries)

    chi = enter(desk.chi)
    source.owner = factories.source("owner", by=desk.chi)
    source.save()
    one = [asked(LIST), asked(change_url(source))]
    for number in range(29):
        factories.source(f"more{number}", by=desk.chi, owner=factories.source(f"owner{number}", by=desk.chi))
        SourceAddress.objects.create(source=source, host=f"host{number}.example")
        SourceAssessment(source=source, tier=2, assessor=desk.chi, review_by="2030-01-01").save()
        SourceOutcome(source=source, held=True, reason="Stood.", by=desk.chi).save()
    assert [asked(LIST), asked(change_url(source))] == one == [6, 16]
