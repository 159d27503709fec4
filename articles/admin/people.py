"""Accounts: Django's own, with the languages that a person works in."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.admin import RelatedFieldListFilter
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Field
from django.forms import TypedChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm
from unfold.widgets import UnfoldAdminSelectWidget

from articles import languages, roles
from articles.models import WorkingLanguage

admin.site.unregister([User, Group])


class GroupFilter(RelatedFieldListFilter):
    def field_choices(self, *args: Any, **kwargs: Any) -> Any:
        return [(pk, roles.label(str(name))) for pk, name in super().field_choices(*args, **kwargs)]


class NamesRoles(ModelAdmin):
    """Groups and permissions are kept in English, and told in the language of whoever looks."""

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any) -> Any:
        field: Any = super().formfield_for_manytomany(db_field, request, **kwargs)
        if field and db_field.related_model is Group:
            field.label_from_instance = lambda group: roles.label(group.name)
        elif field:
            field.label_from_instance = roles.permission_label
        return field


@admin.register(Group)
class RoleAdmin(NamesRoles, GroupAdmin):
    list_display = ("role",)
    filter_horizontal = ()  # two boxes and a script, where a list is enough

    @admin.display(description=_("name"), ordering="name")
    def role(self, group: Group) -> str:
        return roles.label(group.name)


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
class PersonAdmin(NamesRoles, UserAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    inlines = (WorkingLanguageInline,)
    filter_horizontal = ()
    list_filter = ("is_staff", "is_superuser", "is_active", ("groups", GroupFilter))

    def get_inlines(self, request: HttpRequest, obj: User | None) -> Any:
        return self.inlines if obj else ()  # a new account has a name and a password first
