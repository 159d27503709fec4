"""The second factor: who must have one, who has, and whether the session in hand was begun with it."""

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.states import Role

MUST = tuple(f"articles.{role.value}" for role in (Role.REVIEWER, Role.PUBLISHER))


def must_have(user: User) -> bool:
    """Whoever reviews or publishes, and whoever may make others do so."""
    return user.is_superuser or any(map(user.has_perm, MUST))


def of(user: User) -> QuerySet[Authenticator]:
    """An app's codes and passkeys; recovery codes stand in for them, and are none by themselves."""
    return Authenticator.objects.filter(user_id=user.pk).exclude(type=Authenticator.Type.RECOVERY_CODES)


def shown(request: HttpRequest, user: User) -> bool:
    """In this session."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, user))


def note_as_shown(request: HttpRequest, factor: Authenticator) -> None:
    """Whoever has just set it up has it in hand."""
    record_authentication(request, factor.user, "mfa", id=factor.pk, type=factor.type)


def forget(user: User) -> None:
    """All of them, recovery codes too: whoever lost them begins anew."""
    Authenticator.objects.filter(user_id=user.pk).delete()
