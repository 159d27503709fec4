"""The register in the admin: sources are kept, judgements of them are only ever added, and by librarians alone."""

from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from zeal import zeal_ignore

from sources.models import Source, SourceAddress, SourceAssessment, SourceOutcome
from tests import factories
from tests.articles.admin.conftest import changed, form_at, page, reads_only, typed, unchanged, with_row
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
    form = with_row(form, prefix="assessments", **JUDGED)
    form = changed(form, {"assessments-0-criteria": ["corrections", "ownership"]})
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
    response = chi.post(change_url(source), with_row(form_at(chi, change_url(source)), prefix="assessments", **JUDGED))
    assert response.status_code == 302
    assert judgements() == [*earlier, (2, [], "Corrects openly.", "Đính chính.", "2030-01-01", "chi")]
    assert Source.objects.with_tier().get(pk=source.pk).tier == 2
    assert "2: reliable" in page(chi.get(LIST)).one("body").words


def test_an_outcome_is_recorded_in_the_name_of_who_records_it(source: Source, desk: Desk, enter: Enter) -> None:
    chi, url = enter(desk.chi), change_url(source)
    form = with_row(form_at(chi, url), prefix="outcomes", held="on", weight="0.5", reason="Held up in court.")
    forged = {"outcomes-1-by": str(desk.an.pk), "outcomes-1-subject": "article:1", "outcomes-1-at": "2020-01-01"}
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
        {"assessments-0-tier": "4", "assessments-0-rationale_en": "Forged.", "assessments-0-review_by": "2030-01-01"},
        {"assessments-0-DELETE": "on"},
        {"assessments-0-assessor": "1", "assessments-0-at": "2020-01-01"},
        {"outcomes-0-held": "", "outcomes-0-weight": "9", "outcomes-0-reason": "Forged."},
        {"outcomes-0-DELETE": "on"},
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
    form = form_at(client, change_url(source), forged)
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
    form = with_row(form, prefix="assessments", **JUDGED)
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
        ({"slug": "other"}, "Source with this Slug already exists."),
        ({"slug": "a b"}, "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."),
        ({"slug": ""}, "This field is required."),
        ({"addresses-0-host": "x.com"}, PLATFORM),
        ({"addresses-0-host": "localhost"}, "“https://localhost” is not a web address."),
        (
            {"addresses-0-host": "exa mple.org"},
            "The address contains a space or a character that no address may contain.",
        ),
        ({"addresses-0-host": "ftp://example.org"}, "The address must start with https:// or http://."),
        ({"addresses-0-host": ""}, "This field is required."),
        ({"addresses-0-host": "WWW.Other.org"}, "Address of a source with this Host and Path already exists."),
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
    ("prefix", "row", "sentence"),
    [
        ("assessments", JUDGED | {"tier": "5"}, "Select a valid choice. 5 is not one of the available choices."),
        ("assessments", JUDGED | {"tier": "0"}, "Select a valid choice. 0 is not one of the available choices."),
        ("assessments", JUDGED | {"review_by": "soon"}, "Enter a valid date."),
        (
            "assessments",
            JUDGED | {"criteria": "charming"},
            "Select a valid choice. charming is not one of the available choices.",
        ),
        ("outcomes", {"weight": "-1", "reason": "So."}, "Ensure this value is greater than or equal to 0."),
        ("outcomes", {"weight": "1", "reason": "", "held": "on"}, "This field is required."),
        ("outcomes", {"weight": "NaN", "reason": "So."}, "Enter a number."),
    ],
)
def test_a_judgement_that_cannot_be_kept_is_told_in_a_sentence(
    prefix: str, row: dict[str, str], sentence: str, source: Source, desk: Desk, enter: Enter
) -> None:
    chi, url = enter(desk.chi), change_url(source)
    with unchanged():
        response = chi.post(url, with_row(form_at(chi, url), prefix=prefix, **row))
    assert (response.status_code, page(response).faults()) == (200, [sentence])


def test_owners_do_not_go_in_a_circle(source: Source, desk: Desk, enter: Enter) -> None:
    owned = factories.source("owned", owner=factories.source("between", owner=source))
    chi, url = enter(desk.chi), change_url(source)
    for owner in (source, owned):
        form = form_at(chi, url)
        with unchanged(), zeal_ignore([{"model": "sources.Source"}]):  # the one changed, and the owner chosen
            response = chi.post(url, changed(form, {"owner": str(owner.pk)}))
        assert page(response).faults() == ["A source cannot own itself, not even through others."]


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
    assert [asked(LIST), asked(change_url(source))] == one == [7, 9]
