"""Accounts: Django's own, with the languages that a person works in."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import User
from django.db.models import Field
from django.forms import TypedChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget

from articles import languages
from articles.models import WorkingLanguage

admin.site.unregister(User)


class WorkingLanguageInline(TabularInline):
    model = WorkingLanguage
    extra = 0
    verbose_name_plural = _("Working languages: none means every language")

    def get_max_num(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return len(settings.LANGUAGES)

    def formfield_for_dbfield(self, db_field: Field, request: HttpRequest, **kwargs: Any) -> Any:
        """Chosen by its name; labelled by itself too, as the head of a column is no label."""
        if db_field.name != "language":
            return super().formfield_for_dbfield(db_field, request, **kwargs)
        names = [("", _("Choose")), *((code, languages.name(code)) for code, _label in settings.LANGUAGES)]
        return TypedChoiceField(
            label=db_field.verbose_name,
            choices=names,
            widget=UnfoldAdminSelectWidget(attrs={"aria-label": db_field.verbose_name}),
        )


@admin.register(User)
class PersonAdmin(UserAdmin, ModelAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (WorkingLanguageInline,)
    filter_horizontal = ()  # two boxes and a script, where a list is enough

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else ()  # a new account has a name and a password first
