"""A person limited to some languages: every move, and what stands beside the moves, in those alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from zeal import zeal_ignore

from articles import judging, refusing, remarks, reverting, workflow
from articles.admin.desk.lists import LISTS
from articles.admin.desk.shape import Asked
from articles.models import Notification, Publication, WorkingLanguage
from articles.models.notification import Event
from articles.refusing import Refused
from articles.states import MOVES, Move, Role
from tests import factories
from tests.articles.admin.test_permissions import OWN_GETS
from tests.articles.steps import refused
from tests.factories import Desk

pytestmark = pytest.mark.django_db

ENGLISH = {"accept-language": "en"}
NOT_YOURS = "You work in English: in Vietnamese somebody else has to do this."


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Sentences in English."""


def limited(person: User, *languages: str) -> User:
    """As the database has them, limited to these."""
    for language in languages:
        WorkingLanguage.objects.create(user=person, language=language)
    return User.objects.get(pk=person.pk)


def of_role(role: Role) -> str:
    return {Role.EDITOR: "Editors", Role.REVIEWER: "Reviewers", Role.PUBLISHER: "Publishers"}[role]


def both(desk: Desk, marker: str = "Alpha") -> dict[str, Publication]:
    """An article with a citation, in review in both languages."""
    article = factories.article(desk.an, marker)
    factories.cite(article, desk.an)
    return {code: factories.in_review(article, code, desk=desk) for code in ("en", "vi")}


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize(
    ("languages", "may"),
    [((), {"en", "vi"}), (("en",), {"en"}), (("vi",), {"vi"}), (("en", "vi"), {"en", "vi"}), (("fr",), set())],
)
def test_each_move_is_made_in_the_languages_of_the_person_alone(
    desk: Desk, move: Move, languages: tuple[str, ...], may: set[str]
) -> None:
    person = limited(factories.user("person", of_role(MOVES[move].role)), *languages)
    rows = both(desk)
    assert {code for code, row in rows.items() if refusing.not_you(row, move, person) is None} == may


@pytest.mark.parametrize("role", Role)
def test_a_language_gives_no_role(desk: Desk, role: Role) -> None:
    person = limited(factories.user("person"), "en")
    sentence = f"Only {role.label} may do this."
    assert refusing.without_role(role, person, "en") == refusing.without_role(role, person, "vi") == sentence


def test_not_even_a_superuser_who_is_limited(desk: Desk) -> None:
    root = limited(factories.user("root", is_superuser=True), "en")
    rows = both(desk)
    assert refusing.not_you(rows["vi"], Move.APPROVE, root) == NOT_YOURS
    assert refusing.not_you(rows["en"], Move.APPROVE, root) is None


def steps(desk: Desk, rows: dict[str, Publication]) -> list[tuple[User, Callable[[], Any]]]:
    """Whatever writes in Vietnamese, each with who would otherwise be free to."""
    vi, article = rows["vi"], rows["vi"].article
    binh, chi, dung = desk.binh, desk.chi, factories.user("dan", "Editors")
    due = timezone.now() + timedelta(days=1)

    def by(person: User) -> User:
        return User.objects.get(pk=person.pk)

    return [
        (dung, lambda: workflow.submit(article, "vi", by=by(dung))),
        (dung, lambda: workflow.recall(vi, by=by(dung), version=1)),
        (binh, lambda: workflow.request_changes(vi, by=by(binh), version=1, note="No.")),
        (binh, lambda: workflow.approve(vi, by=by(binh), seen=factories.seen(vi), note="Yes.")),
        (binh, lambda: workflow.verify(vi, by=by(binh), version=1, number=1, checked="Read it.")),
        (binh, lambda: workflow.assign(vi, by=by(binh), reviewer=None)),
        (chi, lambda: workflow.assign(vi, by=by(chi), reviewer=None)),
        (chi, lambda: workflow.publish(vi, by=by(chi), version=1)),
        (chi, lambda: workflow.schedule(vi, by=by(chi), version=1, due=due)),
        (binh, lambda: remarks.write(vi, by=by(binh), version=1, paragraph=1, text="Who says so?")),
        (binh, lambda: factories.judge(vi, by=by(binh), seen="")),
        (dung, lambda: reverting.revert(vi.in_review, by=by(dung), seen=0)),
    ]


@pytest.mark.parametrize("step", range(12))
def test_whatever_is_done_in_another_language_is_refused_with_one_sentence(desk: Desk, step: int) -> None:
    rows = both(desk)
    person, do = steps(desk, rows)[step]
    limited(person, "en")
    with refused(NOT_YOURS):
        do()


def test_nobody_is_named_to_review_what_they_do_not_work_in(desk: Desk) -> None:
    rows, binh = both(desk), limited(desk.binh, "en")
    assert [binh in refusing.reviewers(rows[code].in_review) for code in ("en", "vi")] == [True, False]
    assert binh in refusing.reviewers(None)
    with pytest.raises(Refused) as caught:
        workflow.assign(rows["vi"], by=desk.chi, reviewer=binh)
    assert caught.value.reason == (
        "Binh cannot review this: they are no reviewer of this language, or they contributed to it."
    )
    assert workflow.assign(rows["en"], by=desk.chi, reviewer=binh).reviewer == binh


def test_what_a_publisher_scheduled_who_lost_the_language_does_not_go_out(desk: Desk) -> None:
    vi = both(desk)["vi"]
    factories.approve(vi, desk=desk)
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        workflow.schedule(vi, by=desk.chi, version=1, due=timezone.now() + timedelta(minutes=1))
    limited(desk.chi, "en")
    with refused(NOT_YOURS):
        workflow.release(vi)


def test_of_what_failed_the_publishers_of_its_language_are_told(desk: Desk) -> None:
    vi = both(desk)["vi"]
    factories.approve(vi, desk=desk)
    with time_machine.travel(timezone.now() - timedelta(hours=1)):
        workflow.schedule(vi, by=desk.chi, version=1, due=timezone.now() + timedelta(minutes=1))
    limited(factories.user("english", "Publishers"), "en")
    limited(factories.user("vietnamese", "Publishers"), "vi")
    workflow.release_failed(vi, "Why.")
    told = Notification.objects.filter(event=Event.FAILED).values_list("user__username", flat=True)
    assert sorted(told) == ["chi", "vietnamese"]


# --- on the desk -------------------------------------------------------------------------------------


def waits(person: User, name: str) -> set[str]:
    return {row.language for row in LISTS[name].rows(Asked(person))}


def test_what_waits_for_a_person_is_in_their_languages(desk: Desk) -> None:
    people = [desk.dung, limited(factories.user("english", "Reviewers"), "en"), limited(factories.user("viet"), "vi")]
    both(desk)
    assert [waits(person, "waiting") for person in people] == [{"en", "vi"}, {"en"}, {"vi"}]
    for row in both(desk, "Beta").values():
        factories.approve(row, desk=desk)
    assert [waits(person, "ready") for person in people] == [{"en", "vi"}, {"en"}, {"vi"}]


@pytest.mark.parametrize("name", ["waiting", "ready", "outdated", "unsettled", "to_judge"])
def test_each_list_of_what_waits_asks_for_the_persons_languages_alone(desk: Desk, name: str) -> None:
    sql = str(LISTS[name].rows(Asked(limited(desk.binh, "fr"))).query)
    assert '"language" IN (fr)' in sql


def test_the_desk_says_that_it_lists_some_languages_alone(desk: Desk, signed_in: Callable[[User], Client]) -> None:
    said = b"what waits in another language is for others and is not listed"
    both(desk)
    assert said not in signed_in(desk.binh).get("/admin/", headers=ENGLISH).content
    limited(desk.binh, "en")
    page = signed_in(desk.binh).get("/admin/", headers=ENGLISH).content
    assert b"You work in English: " + said in page


# --- the account -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "names"), [("en", ["Vietnamese", "English"]), ("vi", ["tiếng Việt", "tiếng Anh"])]
)
def test_the_languages_of_a_person_are_set_on_their_account(
    admin_client: Client, desk: Desk, language: str, names: list[str]
) -> None:
    path, headers = f"/admin/auth/user/{desk.binh.pk}/change/", {"accept-language": language}
    with zeal_ignore(OWN_GETS):
        page = admin_client.get(path, headers=headers)
    offered = page.context["inline_admin_formsets"][0].formset.empty_form.fields["language"].choices
    assert [str(name) for _code, name in offered][1:] == names
    form = page.context["adminform"].form
    typed = {name: form[name].value() for name in ("username", "last_name", "first_name", "email")}
    rows = {"working_languages-TOTAL_FORMS": 1, "working_languages-INITIAL_FORMS": 0}
    row = {"working_languages-0-language": "en", "working_languages-0-user": desk.binh.pk}
    joined = {"date_joined_0": "2026-01-01", "date_joined_1": "00:00:00", "is_active": "on", "is_staff": "on"}
    groups = {"groups": [group.pk for group in desk.binh.groups.all()]}
    with zeal_ignore(OWN_GETS):
        assert admin_client.post(path, typed | rows | row | joined | groups, headers=headers).status_code == 302
    assert list(WorkingLanguage.objects.values_list("user", "language")) == [(desk.binh.pk, "en")]


def test_a_language_that_the_site_does_not_have_is_refused(admin_client: Client, desk: Desk) -> None:
    rows = {"working_languages-TOTAL_FORMS": 1, "working_languages-INITIAL_FORMS": 0}
    row = {"working_languages-0-language": "xx", "working_languages-0-user": desk.binh.pk}
    with zeal_ignore(OWN_GETS):
        page = admin_client.post(
            f"/admin/auth/user/{desk.binh.pk}/change/", {"username": "binh", **rows, **row}, headers=ENGLISH
        )
    assert page.context["inline_admin_formsets"][0].formset.errors == [
        {"language": ["Select a valid choice. xx is not one of the available choices."]}
    ]
    assert not WorkingLanguage.objects.exists()


def test_to_judge_is_a_matter_of_the_language_too(desk: Desk) -> None:
    rows = both(desk)
    for row in rows.values():
        factories.approve(row, desk=desk)
        workflow.publish(row, by=desk.chi, version=1)
    binh = limited(desk.binh, "en")
    told = {code: judging.judge_refusal(row.article.versions.get(language=code), binh) for code, row in rows.items()}
    assert told == {"en": None, "vi": NOT_YOURS}
