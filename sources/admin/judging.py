"""How a source is judged in the admin: what was said of it is listed, and one further word can be added at a time."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationStackedInline
from unfold.admin import StackedInline
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget, UnfoldAdminSelectWidget

from sources.models import SourceAssessment, SourceOutcome
from sources.tiers import PERSONAL, Criterion, Tier

Choices = list[tuple[Any, Any]]


class JudgementForm(forms.ModelForm):
    """Asked for beside a form that is about something else: untouched, it says nothing."""

    given: frozenset[str] = frozenset()  # what it comes with

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3

    def has_changed(self) -> bool:
        return bool(set(self.changed_data) - self.given)


def criteria() -> Choices:
    """In two groups, as some are of those alone who speak for themselves."""
    return [
        (_("of whoever publishes"), [(each.value, each.label) for each in Criterion if each not in PERSONAL]),
        (
            _("of a person, or of a body that speaks for itself"),
            [(each.value, each.label) for each in Criterion if each in PERSONAL],
        ),
    ]


def a_year_from_now() -> date:
    return timezone.localdate() + timedelta(days=365)


class AssessmentForm(JudgementForm):
    given = frozenset({"review_by"})
    criteria = forms.MultipleChoiceField(
        label=gettext_lazy("Criteria met"),
        choices=criteria,
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["review_by"].initial = a_year_from_now
        tiers = [(tier.value, f"{tier.value}: {tier.label}") for tier in Tier]
        self.fields["tier"].choices = [("", "–"), *tiers]  # type: ignore[attr-defined]

    def clean_review_by(self) -> date:
        day: date = self.cleaned_data["review_by"]
        if day <= timezone.localdate():
            raise forms.ValidationError(_("An assessment holds for a while: give a day that is still to come."))
        return day

    def clean(self) -> dict[str, Any] | None:
        data = super().clean()
        why = [name for name in self.fields if name.startswith("rationale_")]
        if not any(self.cleaned_data.get(name) or name in self.errors for name in why):
            self.add_error(why[0], _("Say why, in at least one language: readers are shown it."))
        return data


class OutcomeForm(JudgementForm):
    held = forms.TypedChoiceField(
        label=gettext_lazy("What came of it"),
        choices=[("", "–"), ("held", gettext_lazy("it held")), ("failed", gettext_lazy("it failed"))],
        coerce=lambda value: value == "held",
        widget=UnfoldAdminSelectWidget,
    )


class JudgementInline(StackedInline):
    """The rows that are there are told by the template, of what the page passes; no form is made of them."""

    extra = 1
    max_num: int | None = 1
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).none()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SourceAssessmentInline(JudgementInline, TranslationStackedInline):
    model = SourceAssessment
    form = AssessmentForm
    fields = (("tier", "review_by"), "rationale", "criteria")
    template = "admin/sources/source/assessments.html"


class SourceOutcomeInline(JudgementInline):
    model = SourceOutcome
    form = OutcomeForm
    fields = (("held", "weight"), "reason")
    template = "admin/sources/source/outcomes.html"
