"""Of accounts, what the admin shows beside `articles.admin.people`: who has a second factor; the end of sessions."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.admin import people
from newsroom.accounts import factors, sessions

# Secrets are nothing to look at; and a person has one mail address, the account's.
admin.site.unregister([User, Authenticator, EmailAddress])


@admin.register(User)
class PersonAdmin(people.PersonAdmin):
    list_display = ("username", "email", "last_name", "is_staff", "second_factor")
    actions = ("end_sessions", "forget_factors")

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        kept = Authenticator.objects.filter(user_id=OuterRef("pk")).exclude(type=Authenticator.Type.RECOVERY_CODES)
        return super().get_queryset(request).annotate(has_factor=Exists(kept))

    @admin.display(description=_("second factor"), boolean=True)
    def second_factor(self, person: Any) -> bool:
        return bool(person.has_factor)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        """Whoever is no longer active is signed in nowhere, and stays so should they become active again."""
        super().save_model(request, obj, form, change)
        if not obj.is_active:
            sessions.end_all(obj)

    @admin.action(description=_("End all sessions of these people"), permissions=["change"])
    def end_sessions(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        for person in chosen:
            sessions.end_all(person)
            self.log_change(request, person, "Ended all sessions.")
        told = ngettext("%d person is signed in nowhere now.", "%d people are signed in nowhere now.", len(chosen))
        self.message_user(request, told % len(chosen))

    @admin.action(description=_("Forget the second factor of these people"), permissions=["change"])
    def forget_factors(self, request: HttpRequest, chosen: QuerySet[User]) -> None:
        """Of who lost it: they sign in by password, and must set up another. Signed in they are nowhere, meanwhile."""
        for person in chosen:
            factors.forget(person)
            sessions.end_all(person)
            self.log_change(request, person, "Forgot the second factor.")
        told = ngettext("%d person has to begin anew.", "%d people have to begin anew.", len(chosen))
        self.message_user(request, told % len(chosen))
