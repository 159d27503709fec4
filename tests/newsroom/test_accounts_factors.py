"""The second factor: who must show one, before what; and that nothing shows it twice."""

import html
import re
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth
from django.contrib.auth.models import Permission, User
from django.test import Client
from django.test.utils import override_settings
from pytest_django import Settings
from zeal import zeal_ignore

from newsroom.accounts import factors
from newsroom.accounts.views import qr
from tests import factories
from tests.articles.admin.test_permissions import OWN_GETS, TABLE
from tests.factories import Desk
from tests.newsroom.test_accounts import SECRET, at_the_desk, browser, listed, sign_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

FACTOR = "/accounts/login/factor/"


@pytest.fixture
def needed(settings: Settings) -> None:
    settings.NEWSROOM_SECOND_FACTOR = True


def code(secret: str, halfminutes: int = 0) -> str:
    return auth.format_hotp_value(auth.hotp_value(secret, int(time.time()) // 30 + halfminutes))


def with_app(name: str) -> tuple[Client, str, list[str]]:
    """Somebody who signed in and set an app up: their browser, the app's secret, the recovery codes."""
    client = browser()
    sign_in(name, client=client)
    page = client.get("/accounts/app/").content.decode()
    (secret,) = re.findall(r'<code class="key">(\w+)</code>', page)
    done = client.post("/accounts/app/", {"code": code(secret)})
    assert done["Location"] == "/accounts/codes/", done.content.decode()
    codes = re.findall(r"<code>(\d+)</code>", client.get("/accounts/codes/").content.decode())
    return client, secret, codes


def begun(name: str) -> Client:
    """Past the password, before the factor."""
    client = browser()
    assert sign_in(name, client=client)["Location"] == FACTOR
    return client


def shown(client: Client, told: str) -> bool:
    client.post(FACTOR, {"code": told})
    return at_the_desk(client)


# --- who must ----------------------------------------------------------------------------------------


def test_who_reviews_publishes_or_keeps_accounts_must_and_nobody_else(desk: Desk) -> None:
    root, single = factories.user("root", is_superuser=True), factories.user("single")
    single.user_permissions.add(Permission.objects.get(codename=factors.MUST[0].partition(".")[2]))
    librarian = factories.user("lib", "Librarians")
    who = [desk.an, desk.binh, desk.chi, desk.dung, desk.em, root, User.objects.get(pk=single.pk), librarian]
    assert [factors.must_have(person) for person in who] == [False, True, True, True, False, True, True, False]


@pytest.mark.usefixtures("needed")
def test_no_address_of_the_admin_answers_before_and_all_do_the_same(
    desk: Desk, signed_in: Callable[[User], Client]
) -> None:
    clients = [signed_in(desk.binh), signed_in(desk.chi), signed_in(factories.user("root", is_superuser=True))]
    for pattern in TABLE.keys() - {"login/", "logout/"}:
        url = "/admin/" + re.sub(r"<[^>]+>", "1", pattern)
        for client in clients:
            for response in (
                client.get(url),
                client.post(url),
                client.get(url, headers={"accept": "application/json"}),
            ):
                led = f"/accounts/?{urlencode({'next': response.wsgi_request.get_full_path()})}"
                assert (response.status_code, response["Location"]) == (302, led)
    page = clients[0].get("/accounts/", headers={"accept-language": "en"}).content.decode()
    assert "Before you go to the desk, set up a second factor." in page
    assert clients[0].post("/admin/logout/").status_code == 200


@pytest.mark.usefixtures("needed")
def test_who_need_not_is_let_be(desk: Desk, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(desk.an)
    assert at_the_desk(client)
    page = client.get("/accounts/", headers={"accept-language": "en"}).content.decode()
    assert "Before you go to the desk" not in page


@pytest.mark.usefixtures("needed")
def test_who_becomes_a_reviewer_must_at_the_next_page(desk: Desk, signed_in: Callable[[User], Client]) -> None:
    client = signed_in(desk.an)
    assert at_the_desk(client)
    desk.an.groups.add(*desk.binh.groups.all())
    assert not at_the_desk(client)


@pytest.mark.usefixtures("needed")
def test_who_set_one_up_is_at_the_desk_and_asked_for_it_ever_after(desk: Desk) -> None:
    client, secret, _codes = with_app("binh")
    assert at_the_desk(client)
    client.post("/accounts/logout/")
    again = begun("binh")
    assert not at_the_desk(again)
    with time_machine.travel(timedelta(minutes=2)):
        assert shown(again, code(secret))


@pytest.mark.usefixtures("needed")
def test_a_session_that_did_not_show_it_is_ended_where_there_is_one(
    desk: Desk, signed_in: Callable[[User], Client]
) -> None:
    """Whichever way it came to be."""
    with_app("binh")
    client = signed_in(desk.binh)
    assert client.get("/admin/articles/article/?q=a")["Location"] == (
        "/accounts/login/?next=/admin/articles/article/%3Fq%3Da"
    )
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("must", [False, True])
def test_a_password_alone_is_no_way_in_where_there_is_a_factor(must: bool, desk: Desk, settings: Settings) -> None:
    with_app("an")
    settings.NEWSROOM_SECOND_FACTOR = must
    client = begun("an")
    for path in ("/admin/", "/admin/articles/article/", "/accounts/", "/accounts/sessions/", "/accounts/codes/"):
        assert "login" in client.get(path)["Location"]
    assert client.get("/accounts/login/")["Location"] == FACTOR
    client.post("/accounts/logout/")  # as somebody else
    assert client.get("/accounts/login/").status_code == 200


def test_to_set_one_up_ends_the_sessions_that_were_begun_without(desk: Desk) -> None:
    before = browser()
    sign_in("an", client=before)
    client, _secret, _codes = with_app("an")
    assert at_the_desk(client)
    assert not at_the_desk(before)
    assert listed(client) == []


# --- codes of an app ---------------------------------------------------------------------------------


def test_a_code_is_good_once(desk: Desk) -> None:
    _client, secret, _codes = with_app("an")
    assert not shown(begun("an"), code(secret))  # the one that set it up
    with time_machine.travel(timedelta(minutes=2)):
        first, second = begun("an"), begun("an")
        assert shown(first, code(secret))
        assert not shown(second, code(secret))
        assert "was used already" in second.post(FACTOR, {"code": code(secret)}).content.decode()


@pytest.mark.parametrize(("halfminutes", "good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_code_is_good_half_a_minute_before_its_time_and_after(halfminutes: int, good: bool, desk: Desk) -> None:
    _client, secret, _codes = with_app("an")
    with time_machine.travel(timedelta(minutes=5), tick=False):
        assert shown(begun("an"), code(secret, halfminutes)) == good


def test_codes_are_not_guessed_for_long_from_however_many_sessions(desk: Desk) -> None:
    _client, secret, _codes = with_app("an")
    with time_machine.travel(timedelta(minutes=10), tick=False):
        wrong = next(each for each in ("000000", "111111") if each not in {code(secret, n) for n in (-1, 0, 1)})
        pages = [begun("an").post(FACTOR, {"code": wrong}).content.decode() for _ in range(6)]
        assert ["Too many" in page for page in pages] == [False] * 5 + [True]
        assert not shown(begun("an"), code(secret))


def test_a_wrong_first_code_sets_nothing_up(desk: Desk) -> None:
    client = browser()
    sign_in("an", client=client)
    (secret,) = re.findall(r'class="key">(\w+)<', client.get("/accounts/app/").content.decode())
    page = client.post("/accounts/app/", {"code": "000000" if code(secret) != "000000" else "111111"}).content.decode()
    assert "This code is not right" in page
    assert secret in page  # the app need not be set up twice
    assert not Authenticator.objects.exists()


def test_neither_the_secret_nor_a_code_can_be_read_in_the_database(desk: Desk) -> None:
    _client, secret, codes = with_app("an")
    rows = str([*Authenticator.objects.values_list("data", flat=True)])
    assert not [each for each in (secret, *codes) if each in rows]
    assert all(
        each.data.get("secret", each.data.get("seed")).startswith("gAAAA") for each in Authenticator.objects.all()
    )


def test_with_another_key_of_the_desk_no_code_is_right_and_nothing_breaks(desk: Desk) -> None:
    _client, secret, codes = with_app("an")
    with (
        time_machine.travel(timedelta(minutes=2)),
        override_settings(SECRET_KEY="another " * 8, SECRET_KEY_FALLBACKS=[]),
    ):
        waiting = begun("an")
        for told in (code(secret), codes[0]):
            response = waiting.post(FACTOR, {"code": told})
            assert (response.status_code, "This code is not right" in response.content.decode()) == (200, True)


def test_the_picture_is_the_address_that_apps_read(desk: Desk, settings: Settings) -> None:
    """Drawn as the library draws it, which other readers than ours have read."""
    import qrcode

    client = browser()
    sign_in("an", client=client)
    page = client.get("/accounts/app/").content.decode()
    (secret,) = re.findall(r'class="key">(\w+)<', page)
    drawn = qr(f"otpauth://totp/an?secret={secret}&issuer=Newsroom")
    assert html.escape(drawn["dark"]) in page
    made = qrcode.QRCode(border=0)
    made.add_data(f"otpauth://totp/an?secret={secret}&issuer=Newsroom")
    assert drawn["dark"].count("M") == sum(map(sum, made.get_matrix()))


# --- recovery codes ----------------------------------------------------------------------------------


def test_recovery_codes_are_shown_once_and_each_lets_in_once(desk: Desk) -> None:
    client, _secret, codes = with_app("an")
    assert len({*codes}) == 10
    again = client.get("/accounts/codes/").content.decode()
    assert not [each for each in codes if each in again]
    assert "10 codes are left" in again
    assert shown(begun("an"), codes[3])
    assert not shown(begun("an"), codes[3])
    assert "9 codes are left" in client.get("/accounts/").content.decode()


def test_the_codes_that_are_shown_can_be_kept_as_a_file_without_a_script(desk: Desk) -> None:
    client = browser()
    sign_in("an", client=client)
    (secret,) = re.findall(r'class="key">(\w+)<', client.get("/accounts/app/").content.decode())
    page = client.post("/accounts/app/", {"code": code(secret)}, follow=True).content.decode()
    (file,) = re.findall(r'download="recovery-codes.txt" href="data:text/plain;charset=utf-8,([^"]+)"', page)
    assert file.split("%0A")[1:-1] == re.findall(r"<code>(\d+)</code>", page)


def test_new_codes_end_the_old_ones(desk: Desk) -> None:
    client, _secret, codes = with_app("an")
    page = client.post("/accounts/codes/new/", follow=True).content.decode()
    new = re.findall(r"<code>(\d+)</code>", page)
    assert len(new) == 10
    assert not {*codes} & {*new}
    assert not shown(begun("an"), codes[0])
    assert shown(begun("an"), new[0])


# --- to change any of it -----------------------------------------------------------------------------

SENSITIVE = [
    "/accounts/app/",
    "/accounts/app/remove/",
    "/accounts/passkeys/",
    "/accounts/codes/",
    "/accounts/codes/new/",
]


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", SENSITIVE)
def test_who_signed_in_a_while_ago_is_asked_whether_it_is_them(path: str, method: str, desk: Desk) -> None:
    client = with_app("an")[0] if "remove" in path or "codes" in path else browser()
    if "_auth_user_id" not in client.session:
        sign_in("an", client=client)
    with time_machine.travel(timedelta(minutes=11)), zeal_ignore(OWN_GETS):
        asked = getattr(client, method)(path)
        if asked.status_code == 405:
            return
        assert asked["Location"] == f"/accounts/reauthenticate/?next={path}"
        assert "no-store" in asked["Cache-Control"]
        wrong = client.post("/accounts/reauthenticate/", {"password": "wrong", "next": path}).content.decode()
        assert "This password is not right." in wrong
        assert getattr(client, method)(path)["Location"].startswith("/accounts/reauthenticate/")
        right = client.post("/accounts/reauthenticate/", {"password": SECRET, "next": path})
        assert right["Location"] == path
        assert client.get(path).status_code == 200


def test_being_asked_leads_nowhere_else(desk: Desk) -> None:
    client = browser()
    sign_in("an", client=client)
    told = {"password": SECRET, "next": "https://evil.example/"}
    with zeal_ignore(OWN_GETS):
        assert client.post("/accounts/reauthenticate/", told)["Location"] == "/admin/"


def test_a_factor_is_removed_and_the_codes_with_it(desk: Desk) -> None:
    client, _secret, _codes = with_app("an")
    assert client.get("/accounts/app/remove/").status_code == 200
    assert client.post("/accounts/app/remove/")["Location"] == "/accounts/"
    assert not Authenticator.objects.exists()
    assert sign_in("an")["Location"] == "/admin/"


@pytest.mark.usefixtures("needed")
def test_the_last_one_stays_with_who_must_have_one(desk: Desk) -> None:
    client, _secret, _codes = with_app("chi")
    page = client.post("/accounts/app/remove/", follow=True).content.decode()
    assert "This is your last second factor" in page
    assert factors.of(desk.chi).exists()
    assert "Remove the app" not in page


def test_nobody_removes_the_passkey_of_another(desk: Desk) -> None:
    theirs = Authenticator.objects.create(user=desk.binh, type="webauthn", data={"name": "Key", "credential": {}})
    client = browser()
    sign_in("an", client=client)
    for method in ("get", "post"):
        assert getattr(client, method)(f"/accounts/passkeys/{theirs.pk}/remove/").status_code == 404
    assert Authenticator.objects.get() == theirs


@pytest.mark.parametrize(
    "told", ["", "null", "{}", "[]", '"x"', '{"id": "x", "response": {}}', '{"response": {"userHandle": "MQ"}}', "x"]
)
@pytest.mark.parametrize("path", ["/accounts/login/passkey/", "/accounts/passkeys/", FACTOR])
def test_what_is_no_passkey_is_no_fault_of_ours_and_no_way_in(path: str, told: str, desk: Desk) -> None:
    with_app("an")
    client = browser() if "login" in path else with_app("binh")[0]
    if path == FACTOR:
        client = begun("an")
    client.get(path, headers={"accept": "application/json"})
    response = client.post(path, {"credential": told, "name": "Key"})
    assert response.status_code in {200, 302}
    assert ("_auth_user_id" in client.session) == ("login" not in path)
    assert not Authenticator.objects.filter(type="webauthn").exists()


def test_a_superuser_forgets_the_factor_of_who_lost_it(desk: Desk, signed_in: Callable[[User], Client]) -> None:
    root = signed_in(factories.user("root", is_superuser=True))
    lost, _secret, _codes = with_app("binh")
    theirs, _secret, _codes = with_app("chi")
    root.post("/admin/auth/user/", {"action": "forget_factors", "_selected_action": str(desk.binh.pk)})
    assert not factors.of(desk.binh).exists()
    assert not at_the_desk(lost)
    assert at_the_desk(theirs)
    assert sign_in("binh")["Location"] == "/admin/"


def test_the_list_of_people_says_who_has_one_in_no_more_questions(
    desk: Desk, signed_in: Callable[[User], Client], django_assert_max_num_queries: Any
) -> None:
    root = signed_in(factories.user("root", is_superuser=True))
    with_app("binh")
    page = root.get("/admin/auth/user/", headers={"accept-language": "en"}).content.decode()
    assert page.count("Second factor") >= 1
    people = User.objects.count()
    with django_assert_max_num_queries(9 + 0 * people):
        root.get("/admin/auth/user/")


@pytest.mark.parametrize(
    "path", ["mfa/authenticator/", "account/emailaddress/", "newsroom/signin/", "newsroom/counter/"]
)
def test_the_admin_shows_no_secret(path: str, desk: Desk, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(factories.user("root", is_superuser=True)).get(f"/admin/{path}").status_code == 404
