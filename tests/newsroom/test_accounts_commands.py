"""The first account of a desk, and the way back for who lost their second factor: by whoever has the machine."""

import re
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from newsroom.accounts import factors
from newsroom.management.commands import first_publisher
from tests import factories
from tests.factories import Desk
from tests.newsroom.test_accounts import LONG, at_the_desk, set_password, sign_in
from tests.newsroom.test_accounts_factors import with_app

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOST = "https://desk.example.org"


def said(*arguments: str) -> str:
    call_command(*arguments, stdout=(out := StringIO()))
    return out.getvalue()


def asked(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    given = iter(answers)
    monkeypatch.setattr(first_publisher.getpass, "getpass", lambda prompt: next(given))


def test_the_first_publisher_has_no_password_but_a_link_to_set_one_once() -> None:
    told = said("first_publisher", "chi", "--name", "Lê Minh Chi", "--email", "chi@example.org")
    (link,) = re.findall(rf"^{HOST}(/accounts/password/new/\S+/)$", told, re.MULTILINE)
    chi = User.objects.get()
    assert not chi.has_usable_password()
    assert (chi.last_name, chi.email, chi.is_staff, chi.is_superuser) == ("Lê Minh Chi", "chi@example.org", True, True)
    assert [*chi.groups.values_list("name", flat=True)] == ["Publishers"]
    set_password(link)
    client = Client()
    sign_in("chi", LONG, client)
    assert at_the_desk(client)
    set_password(link, "another long pass phrase")
    chi.refresh_from_db()
    assert chi.check_password(LONG)


def test_the_first_publisher_can_publish() -> None:
    said("first_publisher", "chi")
    an, binh = factories.user("an", "Editors"), factories.user("binh", "Reviewers")
    desk = Desk(an, binh, User.objects.get(username="chi"), an, an)
    assert factories.published(factories.article(an), desk=desk).live


def test_a_password_is_asked_for_twice_and_has_to_be_a_good_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for answers, says in ((["short", "short"], "too short"), ([LONG, "another"], "two different")):
        asked(monkeypatch, *answers)
        with pytest.raises(CommandError, match=says):
            said("first_publisher", "chi", "--ask")
        assert not User.objects.exists()
    asked(monkeypatch, LONG, LONG)
    assert HOST not in said("first_publisher", "chi", "--ask")
    assert User.objects.get().check_password(LONG)


@pytest.mark.parametrize("fields", [{"is_superuser": True}, {"groups": ["Publishers"]}])
def test_where_somebody_can_publish_nobody_is_made(fields: dict[str, Any]) -> None:
    person = factories.user("boss", *fields.pop("groups", []), **fields)
    for name in ("chi", "boss"):
        with pytest.raises(CommandError, match="Somebody can publish already"):
            said("first_publisher", name)
    assert User.objects.get() == person
    User.objects.update(is_active=False)  # who is not there any more, publishes no more
    assert "first publisher" in said("first_publisher", "chi")


@pytest.mark.parametrize(
    ("name", "email", "says"),
    [("an", "", "already exists"), ("no body", "", "valid username"), ("chi", "nowhere", "email")],
)
def test_a_name_that_cannot_be_one_is_told_in_words(name: str, email: str, says: str) -> None:
    factories.user("an", "Editors")
    with pytest.raises(CommandError, match=says):
        said("first_publisher", name, "--email", email)
    assert User.objects.count() == 1


def test_it_says_that_a_second_factor_will_be_asked_for(settings: Settings) -> None:
    settings.NEWSROOM_SECOND_FACTOR = True
    assert "second factor" in said("first_publisher", "chi")


def test_who_lost_everything_begins_anew_and_is_signed_in_nowhere(desk: Desk) -> None:
    client, _secret, _codes = with_app("chi")
    told = said("forget_factors", "chi", "--link")
    assert not Authenticator.objects.exists()
    assert not at_the_desk(client)
    (link,) = re.findall(rf"^{HOST}(\S+)$", told, re.MULTILINE)
    set_password(link)
    fresh = Client()
    sign_in("chi", LONG, fresh)
    assert at_the_desk(fresh)
    assert not factors.of(desk.chi).exists()
    with pytest.raises(CommandError, match="nobody called ghost"):
        said("forget_factors", "ghost")
