"""No form of the admin sends every row of a table that grows: whoever chooses one types some letters of its name."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteMixin, RelatedFieldWidgetWrapper
from django.contrib.auth.models import Group, Permission, User
from django.forms import ModelChoiceField
from django.test import RequestFactory

from articles.models import Article, Category
from tests.factories import user

pytestmark = pytest.mark.django_db

SHORT = {Category, Group, Permission}  # a desk has so many and no more


def choices(root: User) -> Iterator[tuple[str, ModelChoiceField]]:
    """Every field that chooses a row, by form and name; of inlines too."""
    request = RequestFactory().get("/admin/")
    request.user = root
    for model, screen in admin.site._registry.items():
        forms: list[tuple[Any, str]] = []
        if screen.has_add_permission(request) or screen.has_change_permission(request):
            forms.append((screen.get_form(request), ""))
        for inline in screen.get_inline_instances(request):
            if inline.has_add_permission(request, None) or inline.has_change_permission(request):
                formset = inline.get_formset(request)
                forms.append((formset.form, formset.fk.name))
        for form, parent in forms:
            for name, field in form.base_fields.items():
                if isinstance(field, ModelChoiceField) and name != parent:
                    yield f"{model.__name__}: {form.__name__}.{name}", field


def test_what_is_one_of_many_is_found_by_its_letters() -> None:
    found = dict(choices(user("root", is_superuser=True)))
    whole = []
    for name, field in found.items():
        widget = field.widget.widget if isinstance(field.widget, RelatedFieldWidgetWrapper) else field.widget
        if field.queryset.model not in SHORT and not isinstance(widget, AutocompleteMixin) and not widget.is_hidden:
            whole.append(name)
    assert whole == []
    assert sum(name.startswith(f"{Article.__name__}:") for name in found) > 4
