"""Where a person is signed in, and the end of it."""

from typing import Any

from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from newsroom.models import SignIn


def began(request: HttpRequest, user: Any, ip: str) -> None:
    """The session in hand. What is known of sessions of theirs that are over is forgotten."""
    SignIn.objects.filter(user=user).exclude(session_key__in=_living().values("session_key")).delete()
    agent = request.headers.get("User-Agent", "")[:400]
    SignIn.objects.create(user=user, session_key=request.session.session_key or "", ip=ip, user_agent=agent)


def goes_on(request: HttpRequest, as_before: str | None) -> None:
    """Under another key."""
    SignIn.objects.filter(session_key=as_before or "").update(session_key=request.session.session_key)


def of(user: User) -> list[SignIn]:
    """The newest first. A session that an older password began is over."""
    rows: Any = SignIn.objects.filter(user=user).order_by("-at", "-pk")
    living = _living().filter(session_key__in=[each.session_key for each in rows])
    right = user.get_session_auth_hash()
    keys = {each.session_key for each in living if each.get_decoded().get(HASH_SESSION_KEY) == right}
    return [each for each in rows if each.session_key in keys]


def end_one(user: User, number: int, session_key: str | None) -> None:
    """Not the one with this key."""
    _end(SignIn.objects.filter(user=user, pk=number).exclude(session_key=session_key or ""))


def end_others(user: User, session_key: str | None) -> None:
    _end(SignIn.objects.filter(user=user).exclude(session_key=session_key or ""))


def end_all(user: User) -> None:
    _end(SignIn.objects.filter(user=user))


def _end(ended: QuerySet[SignIn]) -> None:
    Session.objects.filter(session_key__in=list(ended.values_list("session_key", flat=True))).delete()
    ended.delete()


def _living() -> QuerySet[Session]:
    return Session.objects.filter(expire_date__gt=timezone.now())


BROWSERS = {"Edg/": "Edge", "OPR/": "Opera", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
SYSTEMS = {"Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "Mac OS X": "macOS",
           "Linux": "Linux"}  # fmt: skip


def device(user_agent: str) -> str:
    """What a person may know it by. Browsers name each other: the first of these that stands there is it."""
    found = (next((name for sign, name in names.items() if sign in user_agent), "") for names in (BROWSERS, SYSTEMS))
    return ", ".join(filter(None, found)) or user_agent[:60]
