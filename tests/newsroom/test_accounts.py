"""Signing in: who gets in and who does not, what strangers can learn and how often they may try, and the end of it."""

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import caches
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.urls import reverse
from pytest_django import Settings
from zeal import zeal_ignore

from newsroom import settings as configured
from newsroom.accounts import counting, links
from newsroom.accounts.sessions import device
from newsroom.middleware import PASSKEYS_ALONE
from tests import factories
from tests.articles.admin.conftest import page
from tests.articles.admin.test_permissions import OWN_GETS
from tests.factories import Desk
from tests.newsroom.test_headers import FIXED, POLICY, policy

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LOGIN = "/accounts/login/"
SECRET = "secret"  # of everybody whom `factories` makes
LONG = "four words nobody guesses"


def browser(**headers: str) -> Client:
    return Client(headers={"accept-language": "en"} | headers)


def sign_in(name: str, password: str = SECRET, client: Client | None = None, **more: str) -> Any:
    return (client or browser()).post(LOGIN, {"login": name, "password": password, **more})


def at_the_desk(client: Client) -> bool:
    return client.get("/admin/").status_code == 200


# --- in, and out -------------------------------------------------------------------------------------


def test_who_knows_the_password_is_led_where_they_wanted_to_go(desk: Desk) -> None:
    client = browser()
    asked = client.get("/admin/articles/article/?q=a")
    assert asked["Location"] == "/admin/login/?next=/admin/articles/article/%3Fq%3Da"
    door = client.get(asked["Location"])
    assert door["Location"] == "/accounts/login/?next=/admin/articles/article/%3Fq%3Da"
    page = client.get(door["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/admin/articles/article/?q=a">' in page
    assert (
        sign_in("an", client=client, next="/admin/articles/article/?q=a")["Location"] == "/admin/articles/article/?q=a"
    )
    assert at_the_desk(client)
    assert client.session.get_expiry_age() == 12 * 60 * 60


@pytest.mark.parametrize(
    "to", ["https://evil.example/", "//evil.example/admin/", "https:evil.example", "javascript:alert(1)",
           "/\\evil.example", "https://desk.example.org/", "\t//evil.example"],
)  # fmt: skip
def test_nobody_is_led_elsewhere(to: str, desk: Desk, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "desk.example.org"]  # ours as well, but another
    settings.CSRF_TRUSTED_ORIGINS = ["https://evil.example"]
    client = browser()
    assert sign_in("an", client=client, next=to)["Location"] == "/admin/"
    assert client.get("/admin/login/", {"next": to})["Location"] == "/admin/"
    assert client.post("/accounts/logout/", {"next": to})["Location"] == LOGIN
    assert browser().get("/admin/login/", {"next": to})["Location"] == "/accounts/login/?next=/admin/"


def test_nobody_signs_up(db: None) -> None:
    for path in ("signup/", "email/", "confirm-email/", "password/set/x/", "login/code/", "3rdparty/"):
        assert browser().get(f"/accounts/{path}").status_code == 404


def test_an_account_that_is_not_of_the_desk_is_told_so_and_goes_round_in_no_circle(desk: Desk) -> None:
    User.objects.filter(pk=desk.em.pk).update(is_staff=False)
    client = browser()
    sign_in("em", client=client)
    response = client.get("/admin/", follow=True)
    assert response.status_code == 403
    assert "does not belong to the desk" in response.content.decode()
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert client.get("/accounts/").status_code == 302


# --- what a stranger learns --------------------------------------------------------------------------


def test_the_answer_is_the_same_whether_somebody_is_there_or_not(desk: Desk) -> None:
    User.objects.filter(pk=desk.em.pk).update(is_active=False)
    User.objects.filter(pk=desk.dung.pk).update(password="!")
    answers = []
    for name, password in (("nobody", "x"), ("an", "x"), ("em", "secret"), ("em", "x"), ("dung", "x")):
        response = sign_in(name, password)
        page = re.sub(r'csrfmiddlewaretoken" value="\w+"', "", response.content.decode())
        answers.append((response.status_code, page.replace(f'value="{name}"', "")))
    assert "The username or the password is not right." in answers[0][1]
    assert len({*answers}) == 1


def test_a_password_is_hashed_once_whether_somebody_is_there_or_not(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    """Which is what takes the time."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    hashed: list[str] = []
    encode = MD5PasswordHasher.encode

    def counted(self: MD5PasswordHasher, password: str, salt: str) -> str:
        hashed.append(password)
        return encode(self, password, salt)

    monkeypatch.setattr(MD5PasswordHasher, "encode", counted)
    User.objects.filter(pk=desk.em.pk).update(is_active=False)
    for name in ("nobody", "an", "em"):
        hashed.clear()
        sign_in(name, "wrong")
        assert hashed == ["wrong"], name


def test_asking_for_a_new_password_looks_for_nobody_before_it_answers(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(links, "mail_soon", asked.append)
    pages = set()
    for address in ("an@example.org", "nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            response = browser().post("/accounts/password/lost/", {"email": address}, follow=True)
        assert not [query for query in queries if "auth_user" in query["sql"]]
        pages.add((response.redirect_chain[0], response.content))
    assert len({chain for chain, _page in pages}) == 1
    assert asked == ["an@example.org", "nobody@example.org"]


# --- how often ---------------------------------------------------------------------------------------


def tried(count: int) -> list[str]:
    """Wrongly, with the account of An."""
    pages = [sign_in("an", "wrong") for _ in range(count)]
    return ["Too many" if "Too many" in page.content.decode() else str(page.status_code) for page in pages]


def test_five_wrong_passwords_and_the_account_waits_from_wherever_it_is_tried(desk: Desk) -> None:
    assert tried(6) == ["200"] * 5 + ["Too many"]
    elsewhere = Client(REMOTE_ADDR="203.0.113.9", headers={"accept-language": "en"})
    assert "Too many" in sign_in("an", "secret", elsewhere).content.decode()
    assert "Too many" in sign_in("AN", "secret", elsewhere).content.decode()
    another_port = Client(REMOTE_ADDR="203.0.113.9", headers={"accept-language": "en", "host": "testserver:81"})
    assert "Too many" in sign_in("an", "secret", another_port).content.decode()
    assert sign_in("binh", "secret", elsewhere).status_code == 302
    with time_machine.travel(timedelta(minutes=5, seconds=1)):
        assert sign_in("an").status_code == 302


def test_ten_wrong_passwords_and_the_address_waits_whichever_account_it_tries(desk: Desk) -> None:
    found = [sign_in(f"nobody{n}", "wrong").content.decode() for n in range(11)]
    assert ["Too many" in page for page in found] == [False] * 10 + [True]
    assert "Too many" in sign_in("an").content.decode()
    assert sign_in("an", client=Client(REMOTE_ADDR="203.0.113.9")).status_code == 302


def test_who_says_of_itself_to_be_another_address_is_not_believed_but_our_own_proxy_is(
    desk: Desk, settings: Settings
) -> None:
    for n in range(10):
        sign_in(f"nobody{n}", "wrong", browser(**{"x-forwarded-for": f"203.0.113.{n}"}))
    assert "Too many" in sign_in("an", client=browser(**{"x-forwarded-for": "203.0.113.99"})).content.decode()
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert sign_in("an", client=browser(**{"x-forwarded-for": "forged, 203.0.113.99"})).status_code == 302


def test_a_right_password_between_wrong_ones_starts_no_new_count(desk: Desk) -> None:
    tried(4)
    assert sign_in("an").status_code == 302
    assert tried(2) == ["200", "Too many"]


def test_links_for_a_password_are_not_sent_without_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(links, "mail_soon", asked.append)
    codes = [browser().post("/accounts/password/lost/", {"email": "an@example.org"}).status_code for _ in range(6)]
    assert codes == [302] * 5 + [429]
    assert len(asked) == 5


SHARED = {"default": {"BACKEND": "newsroom.accounts.counting.Counters"}}


def test_what_is_counted_is_counted_for_all_processes_by_the_database(desk: Desk, settings: Settings) -> None:
    """Each process has caches of its own: here each attempt has."""
    from newsroom import settings as deployed

    assert deployed.CACHES["default"] == SHARED["default"]
    for count in range(6):
        with override_settings(CACHES=settings.CACHES | SHARED):
            page = sign_in("an", "wrong").content.decode()
        assert ("Too many" in page) == (count == 5)


@pytest.mark.parametrize("value", [[1.5, 2.5], True, "y", {"a": [1]}])
def test_a_counter_keeps_what_it_is_given_as_long_as_it_is_told(value: object) -> None:
    cache = counting.Counters("", {})
    assert cache.get("key", "none") == "none"
    assert cache.add("key", value, 60)
    assert not cache.add("key", "another", 60)
    assert (cache.get("key"), cache.get("another")) == (value, None)
    cache.set("key", [3], 60)
    assert cache.get("key") == [3]
    with time_machine.travel(timedelta(seconds=61)):
        assert cache.get("key") is None
        assert cache.add("another", 1, 60)  # and what is over is gone
        assert cache.rows.count() == 1
        assert cache.delete("another")
        assert not cache.delete("another")
    cache.set("for ever", 1, None)
    assert cache.get("for ever") == 1
    cache.clear()
    assert not cache.rows.exists()


def test_nothing_that_lies_among_the_counters_names_anybody(desk: Desk, settings: Settings) -> None:
    with override_settings(CACHES=settings.CACHES | SHARED):
        sign_in("an", "wrong")
        rows = str([*caches["default"].rows.values_list()])  # type: ignore[attr-defined]
    assert rows != "[]"
    assert "127.0.0.1" not in rows
    assert "an" not in rows.replace("datetime", "").replace("timezone", "").split("'")


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_the_same_at_once_one_does(transactional_db: None) -> None:
    cache, added = counting.Counters("", {}), []

    def add() -> None:
        added.append(cache.add("key", 1, 60))
        connection.close()

    threads = [threading.Thread(target=add) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [False, False, False, True]


# --- a new password ----------------------------------------------------------------------------------


def link_for(user: User) -> str:
    return links.to_set_a_password(User.objects.get(pk=user.pk)).removeprefix("https://desk.example.org")


def set_password(link: str, password: str = LONG) -> tuple[Client, Any]:
    client = browser()
    page = client.get(link, follow=True)
    form = {"password1": password, "password2": password}
    return client, client.post(page.redirect_chain[-1][0] if page.redirect_chain else link, form, follow=True)


def test_the_mail_names_the_desk_by_its_own_address_whatever_host_was_asked(
    desk: Desk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    User.objects.filter(username="an").update(email="an@example.org")
    monkeypatch.setattr(links, "mail_soon", lambda email: links.mail(email, "vi"))
    browser(host="evil.example", **{"x-forwarded-host": "evil.example"}).post(
        "/accounts/password/lost/", {"email": "AN@example.org"}
    )
    (sent,) = mail.outbox
    assert sent.to == ["an@example.org"]
    assert "https://desk.example.org/accounts/password/new/" in sent.body
    assert "evil" not in sent.body + sent.subject
    assert "mật khẩu" in sent.body


def test_no_mail_goes_to_a_stranger_nor_to_who_may_not_sign_in(desk: Desk) -> None:
    User.objects.filter(username="an").update(email="an@example.org", is_active=False)
    User.objects.filter(username="em").update(email="em@example.org", password="!")
    for address in ("nobody@example.org", "an@example.org", "em@example.org", ""):
        links.mail(address, "en")
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_the_mail_is_sent_while_nobody_waits_for_it(transactional_db: None) -> None:
    factories.user("an", email="an@example.org")
    before = {*threading.enumerate()}
    browser().post("/accounts/password/lost/", {"email": "an@example.org"})
    for thread in {*threading.enumerate()} - before:
        thread.join(20)
    assert [sent.to for sent in mail.outbox] == [["an@example.org"]]


def test_a_link_sets_a_password_once_and_ends_every_session(desk: Desk) -> None:
    elsewhere = browser()
    sign_in("an", client=elsewhere)
    link = link_for(desk.an)
    client, done = set_password(link)
    assert "The password is set" in done.content.decode()
    assert not at_the_desk(client)  # the link is no way in
    assert not at_the_desk(elsewhere)
    desk.an.refresh_from_db()
    assert desk.an.check_password(LONG)
    assert "does not work any more" in browser().get(link, follow=True).content.decode()
    set_password(link, "another long pass phrase")
    desk.an.refresh_from_db()
    assert desk.an.check_password(LONG)


def test_a_link_is_good_for_two_hours(desk: Desk) -> None:
    link = link_for(desk.an)
    with time_machine.travel(timedelta(hours=2, seconds=2)):
        assert "does not work any more" in browser().get(link, follow=True).content.decode()


def test_a_link_is_for_one_person(desk: Desk) -> None:
    theirs, own = link_for(desk.an).split("/"), link_for(desk.binh).split("/")
    forged = "/".join([*own[:-2], theirs[-2], ""])
    assert "does not work any more" in browser().get(forged, follow=True).content.decode()


@pytest.mark.parametrize("password", ["short", "yfdbufnjh10305070"])
def test_a_password_that_is_easily_guessed_is_refused_with_the_reason_at_its_field(password: str, desk: Desk) -> None:
    _client, page = set_password(link_for(desk.an), password)
    assert page.status_code == 200
    assert 'aria-describedby="id_password1_helptext id_password1_error"' in page.content.decode()
    desk.an.refresh_from_db()
    assert desk.an.check_password("secret")


def test_a_changed_password_ends_the_other_sessions_and_this_one_goes_on_and_is_known(desk: Desk) -> None:
    here, elsewhere = browser(), browser()
    sign_in("an", client=here)
    sign_in("an", client=elsewhere)
    assert here.get("/admin/password_change/")["Location"] == "/accounts/password/"
    form = {"oldpassword": "wrong", "password1": LONG, "password2": LONG}
    assert "This password is not right." in here.post("/accounts/password/", form).content.decode()
    assert here.post("/accounts/password/", form | {"oldpassword": "secret"})["Location"] == "/accounts/"
    assert at_the_desk(here)
    assert "This is where you are now" in here.get("/accounts/sessions/").content.decode()
    assert listed(here) == []
    assert not at_the_desk(elsewhere)


def test_who_has_no_password_is_told_who_can_give_one(desk: Desk, signed_in: Callable[[User], Client]) -> None:
    desk.an.set_unusable_password()
    desk.an.save()
    client = signed_in(desk.an)
    page = client.get("/accounts/password/", follow=True, headers={"accept-language": "en"})
    assert "This account has no password." in page.content.decode()


# --- sessions ----------------------------------------------------------------------------------------


def listed(client: Client) -> list[str]:
    """The numbers of the sessions that can be ended."""
    page = client.get("/accounts/sessions/").content.decode()
    return [part.split('"')[0] for part in page.split('name="session" value="')[1:]]


def test_a_person_sees_where_they_are_signed_in_and_ends_one_or_all_others(desk: Desk) -> None:
    here, two, three = browser(), browser(**{"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0"}), browser()
    for client in (here, two, three):
        sign_in("an", client=client)
    assert "Firefox, Linux" in here.get("/accounts/sessions/").content.decode()
    assert len(listed(here)) == 2
    here.post("/accounts/sessions/", {"session": listed(here)[1]})
    assert [at_the_desk(client) for client in (here, two, three)] == [True, False, True]
    here.post("/accounts/sessions/", {"others": "1"})
    assert [at_the_desk(client) for client in (here, two, three)] == [True, False, False]
    assert listed(here) == []


@pytest.mark.parametrize("number", ["0", "", "x", "-1", "²", "999999999999999999999"])
def test_nobody_ends_the_session_of_another_nor_one_that_is_none(number: str, desk: Desk) -> None:
    an, binh = browser(), browser()
    sign_in("an", client=an)
    sign_in("binh", client=binh)
    other = browser()
    sign_in("binh", client=other)
    theirs = listed(binh)[0]
    an.post("/accounts/sessions/", {"session": theirs})
    an.post("/accounts/sessions/", {"others": "1"})
    assert an.post("/accounts/sessions/", {"session": number}).status_code == 302
    assert at_the_desk(binh)
    assert at_the_desk(other)


def test_a_session_that_is_over_is_in_no_list(desk: Desk) -> None:
    two = browser()
    sign_in("an", client=two)
    with time_machine.travel(timedelta(hours=11)):
        here = browser()
        sign_in("an", client=here)
        assert len(listed(here)) == 1
        two.post("/accounts/logout/")
        assert listed(here) == []
    with time_machine.travel(timedelta(hours=24)):
        assert not at_the_desk(here)


def test_who_is_deactivated_is_out_at_once_and_stays_out_when_made_active_again(
    desk: Desk, signed_in: Callable[[User], Client]
) -> None:
    root, an = signed_in(factories.user("root", is_superuser=True)), browser()
    sign_in("an", client=an)
    change = reverse("admin:auth_user_change", args=[desk.an.pk])
    with zeal_ignore(OWN_GETS):
        form = page(root.get(change)).form(id="user_form")
        assert root.post(change, {name: form[name] for name in form.keys() - {"is_active"}}).status_code == 302
    assert not User.objects.get(pk=desk.an.pk).is_active
    assert not at_the_desk(an)
    with zeal_ignore(OWN_GETS):
        assert root.post(change, form).status_code == 302
    assert not at_the_desk(an)
    assert sign_in("an").status_code == 302


def test_a_superuser_ends_all_sessions_of_a_person(desk: Desk, signed_in: Callable[[User], Client]) -> None:
    root, an, binh = signed_in(factories.user("root", is_superuser=True)), browser(), browser()
    sign_in("an", client=an)
    sign_in("binh", client=binh)
    chosen = {"action": "end_sessions", "_selected_action": str(desk.an.pk)}
    page = root.post("/admin/auth/user/", chosen, follow=True, headers={"accept-language": "en"})
    assert "1 person is signed in nowhere now." in page.content.decode()
    assert [at_the_desk(client) for client in (an, binh)] == [False, True]
    dung = signed_in(desk.dung)
    dung.post("/admin/auth/user/", chosen | {"_selected_action": str(desk.binh.pk)})
    assert at_the_desk(binh)


@pytest.mark.parametrize(
    ("agent", "named"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36", "Chrome, Android"),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_device_is_named_as_a_person_knows_it(agent: str, named: str) -> None:
    assert device(agent) == named


# --- the pages ---------------------------------------------------------------------------------------

SCRIPTED = {
    "/accounts/login/": {"script-src": "'self'", "connect-src": "'self'"},
    "/accounts/passkeys/": {"script-src": "'self'"},
    "/accounts/login/factor/": {"script-src": "'self'"},
}
PAGES = [LOGIN, "/accounts/", "/accounts/password/", "/accounts/password/lost/", "/accounts/password/lost/mailed/",
         "/accounts/password/set/", "/accounts/password/new/1/set-password/", "/accounts/sessions/", "/accounts/app/",
         "/accounts/passkeys/", "/accounts/logout/", "/accounts/reauthenticate/", "/accounts/login/factor/",
         "/accounts/login/passkey/"]  # fmt: skip


def hold(response: HttpResponse, path: str) -> None:
    assert policy(response) == POLICY | SCRIPTED.get(path, {}), path
    own = {"Referrer-Policy": "same-origin", "Permissions-Policy": PASSKEYS_ALONE}
    assert {name: response[name] for name in FIXED} == FIXED | own
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert {"no-store", "private"} <= {*response["Cache-Control"].split(", ")}
    assert response["X-Robots-Tag"] == "noindex"
    page = response.content.decode()
    assert "style=" not in page
    assert all('src="/static/' in tag or "json" in tag for tag in page.split("<script")[1:])
    assert "<style" not in page


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_kept_by_nobody_and_runs_no_script_but_its_own_file(
    path: str, desk: Desk, signed_in: Callable[[User], Client]
) -> None:
    inside = browser()
    sign_in("an", client=inside)
    for client in (browser(), inside):
        for method in ("get", "head"):
            response = getattr(client, method)(path)
            assert response.status_code in {200, 302}
            hold(response, path)
            if method == "head":
                assert response.content == b""
        for field, label in (("login", "Username"), ("password1", "New password"), ("email", "E-mail address")):
            page = client.get(path).content.decode()
            assert (f'id="id_{field}"' in page) == (f'<label for="id_{field}">{label}:</label>' in page)


def test_the_admin_leads_to_ones_account(desk: Desk) -> None:
    client = browser()
    sign_in("an", client=client)
    assert "Your account" in [each.words for each in page(client.get("/admin/")).all("a", href="/accounts/")]


@pytest.mark.parametrize("path", [LOGIN, "/accounts/password/lost/"])
def test_to_look_at_a_page_without_an_account_writes_nothing_and_begins_no_session(path: str) -> None:
    client = browser()
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    assert [query["sql"] for query in queries] == []
    assert "sessionid" not in client.cookies


def test_readers_pages_ask_nothing_more_of_the_database(client: Client, desk: Desk, settings: Settings) -> None:
    """Nor does somebody's having to show a second factor concern them."""
    factories.published(factories.article(desk.an), desk=desk)
    counts = []
    for needed in (False, True):
        settings.NEWSROOM_SECOND_FACTOR = needed
        caches["pages"].clear()
        with CaptureQueriesContext(connection) as queries:
            assert Client().get("/en/").status_code == 200
        counts.append(len(queries))
        assert not [each for each in queries if any(name in each["sql"] for name in ("mfa_", "session", "counter"))]
    assert counts[0] == counts[1]


def test_a_password_is_hashed_by_argon2_and_one_of_before_at_the_next_sign_in(desk: Desk, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = configured.PASSWORD_HASHERS
    desk.an.password = PBKDF2PasswordHasher().encode("a long and secret one", "salt", 1)
    desk.an.save()
    assert Client().login(username="an", password="a long and secret one")
    desk.an.refresh_from_db()
    assert desk.an.password.startswith("argon2$argon2id$")
    assert Client().login(username="an", password="a long and secret one")
