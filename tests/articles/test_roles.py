"""The groups of a desk: exactly what each may do, and nothing that would be a side door around a move."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.utils.translation import override
from zeal import zeal_ignore

from articles import refusing, roles
from articles.models import Publication, Schedule
from articles.states import MOVES, Move, Role
from sources import frozen
from tests import factories
from tests.articles.admin.test_permissions import OWN_GETS

pytestmark = pytest.mark.django_db

Held = dict[str, set[str]]


def held() -> Held:
    """What each group of the database holds."""
    found: Held = {name: set() for name in Group.objects.values_list("name", flat=True)}
    rows = Permission.objects.filter(group__isnull=False).values_list(
        "group__name", "content_type__app_label", "codename"
    )
    for group, app, codename in rows:
        found[group].add(f"{app}.{codename}")
    return found


READ = {
    "articles.view_article", "articles.view_publication", "articles.view_version", "articles.view_reviewstatus",
    "articles.view_schedule", "articles.view_correction", "articles.view_category", "articles.view_author",
    "articles.view_citation", "articles.view_photo", "sources.view_source", "sources.view_sourceaddress",
    "sources.view_sourceassessment", "sources.view_sourceoutcome",
}  # fmt: skip
WRITE: Held = {
    "Editors": {
        "articles.submit_version", "articles.add_article", "articles.change_article", "articles.add_citation",
        "articles.change_citation", "articles.delete_citation", "articles.add_photo", "articles.change_photo",
        "sources.add_source", "sources.add_sourceaddress",
    },
    "Reviewers": {"articles.review_version"},
    "Publishers": {
        "articles.publish_version", "articles.add_category", "articles.change_category", "articles.add_author",
        "articles.change_author",
    },
    "Librarians": {
        "sources.add_source", "sources.change_source", "sources.add_sourceaddress", "sources.change_sourceaddress",
        "sources.delete_sourceaddress", "sources.add_sourceassessment", "sources.add_sourceoutcome",
    },
}  # fmt: skip


def test_the_migration_made_the_groups_with_exactly_these_permissions() -> None:
    assert held() == {name: READ | write for name, write in WRITE.items()}


def test_the_same_again_changes_nothing() -> None:
    def rows() -> list[tuple[object, ...]]:
        return [
            *Group.objects.order_by("pk").values_list(),
            *Permission.objects.order_by("pk").values_list(),
            *Group.permissions.through.objects.order_by("pk").values_list(),
        ]

    before = rows()
    roles.install(apps)
    assert rows() == before


def test_what_was_lost_is_given_back_and_what_a_desk_added_stays() -> None:
    extra = Permission.objects.get(codename="view_user")
    Group.objects.get(name="Reviewers").permissions.set([extra])
    Group.objects.get(name="Publishers").delete()
    roles.install(apps)
    assert held() == {name: READ | write for name, write in WRITE.items()} | {
        "Reviewers": READ | WRITE["Reviewers"] | {"auth.view_user"}
    }


def test_no_group_may_write_what_only_a_move_writes() -> None:
    """Versions, ledger, publications, schedules, corrections and the like: in the admin they can at most be seen."""
    moved = {
        model._meta.label_lower
        for model in [*frozen.frozen_models(), Publication, Schedule]
        if model._meta.app_label == "articles"
    }
    assert moved == {
        f"articles.{name}"
        for name in (
            "address", "audit", "authorslug", "categoryslug", "correction", "edit", "previewopening", "publication",
            "publishedpolicy", "remark", "reviewstatus", "schedule", "verdict", "verification", "version",
            "versionauthor", "versionphoto", "versionsource",
        )
    }  # fmt: skip
    granted = {full for wanted in held().values() for full in wanted}
    forbidden = {
        f"articles.{verb}_{label.partition('.')[2]}" for label in moved for verb in ("add", "change", "delete")
    }
    assert granted & forbidden == set()


def test_no_group_may_change_or_delete_an_assessment_or_an_outcome_or_delete_what_is_relied_on() -> None:
    granted = {full for wanted in held().values() for full in wanted}
    writes = {full for full in granted if full.partition(".")[2].startswith(("change_", "delete_"))}
    assert writes == {
        "articles.change_article", "articles.change_citation", "articles.delete_citation", "articles.change_category",
        "articles.change_author", "articles.change_photo", "sources.change_source", "sources.change_sourceaddress",
        "sources.delete_sourceaddress",
    }  # fmt: skip


def test_no_group_may_touch_accounts() -> None:
    granted = {full for wanted in held().values() for full in wanted}
    assert {full.partition(".")[0] for full in granted} == {"articles", "sources"}


def test_each_role_is_held_by_one_group_and_belongs_to_the_publication() -> None:
    permissions = {role: Permission.objects.get(codename=role.value) for role in Role}
    assert {permission.content_type.model_class() for permission in permissions.values()} == {Publication}
    assert {role: [group.name for group in row.group_set.all()] for role, row in permissions.items()} == {
        Role.EDITOR: ["Editors"],
        Role.REVIEWER: ["Reviewers"],
        Role.PUBLISHER: ["Publishers"],
    }


@pytest.mark.parametrize("group", roles.GROUPS)
def test_a_group_makes_the_moves_of_its_role_alone(group: str, desk: factories.Desk) -> None:
    article = factories.article(desk.an)
    factories.cite(article, desk.an)
    member = factories.user("member", group)
    publication = factories.in_review(article, desk=desk)
    made = {move for move in MOVES if refusing.not_you(publication, move, member) is None}
    assert (
        made
        == {
            "Editors": {Move.SUBMIT, Move.RECALL},
            "Reviewers": {Move.APPROVE, Move.REQUEST_CHANGES, Move.TAKE_BACK, Move.REASSESS},
            "Publishers": {Move.PUBLISH, Move.CORRECT, Move.SCHEDULE, Move.UNSCHEDULE, Move.WITHDRAW},
            "Librarians": set(),
        }[group]
    )


def test_the_people_of_the_tests_are_in_the_groups_they_are_said_to_be_in(desk: factories.Desk) -> None:
    assert {person.username: sorted(group.name for group in person.groups.all()) for person in vars(desk).values()} == {
        "an": ["Editors"],
        "binh": ["Reviewers"],
        "chi": ["Librarians", "Publishers"],
        "dung": ["Editors", "Reviewers"],
        "em": [],
    }


@pytest.mark.parametrize("language", ["en", "vi"])
def test_groups_and_permissions_are_told_in_the_readers_language_and_kept_as_they_were(
    language: str, admin_client: Client
) -> None:
    def told(path: str) -> str:
        with zeal_ignore(OWN_GETS):
            return admin_client.get(path, headers={"accept-language": language}).content.decode()

    Group.objects.create(name="Night desk")
    person = factories.user("person", "Editors")
    with override(language):
        names = [str(roles.LABELS[name]) for name in roles.GROUPS]
        assert len(set(names)) == 4
        assert (names == list(roles.GROUPS)) is (language == "en")
    form, listed = told(f"/admin/auth/user/{person.pk}/change/"), told("/admin/auth/group/")
    people = told("/admin/auth/user/")
    for name in [*names, "Night desk"]:
        assert f">{name}</option>" in form
        assert name in listed
        assert name in people
    for name in ["Can add", "Can change", *(name for name in roles.GROUPS if name not in names)]:
        assert name not in form + listed + people
    assert set(Group.objects.values_list("name", flat=True)) == {*roles.GROUPS, "Night desk"}
