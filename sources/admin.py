"""The register of sources in the admin. Assessments and outcomes are added, never changed."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline
from unfold.admin import ModelAdmin, StackedInline, TabularInline

from sources.models import Source, SourceAddress, SourceAssessment, SourceOutcome
from sources.tiers import Criterion, Tier


class AppendOnlyInline:
    """Rows can be added; those there are only shown."""

    extra = 0

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SourceAddressInline(TabularInline):
    model = SourceAddress
    extra = 0


class AssessmentForm(forms.ModelForm):
    criteria = forms.MultipleChoiceField(
        label=_("criteria met"), choices=Criterion.choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class SourceAssessmentInline(AppendOnlyInline, StackedInline, TranslationStackedInline):
    model = SourceAssessment
    form = AssessmentForm
    exclude = ("assessor",)


class SourceOutcomeInline(AppendOnlyInline, TabularInline):
    model = SourceOutcome
    exclude = ("by", "subject")


@admin.register(Source)
class SourceAdmin(ModelAdmin, TranslationAdmin):
    list_display = ("__str__", "kind", "owner", "tier")
    list_filter = ("kind",)
    list_select_related = ("owner",)
    search_fields = ("name_vi", "name_en", "slug", "addresses__host", "addresses__path")
    autocomplete_fields = ("owner",)
    inlines = (SourceAddressInline, SourceAssessmentInline, SourceOutcomeInline)
    prepopulated_fields = {"slug": ("name_vi",)}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_tier()  # type: ignore[attr-defined]

    @admin.display(description=_("tier"))
    def tier(self, source: Source) -> str:
        tier: int | None = source.tier  # type: ignore[attr-defined]
        return str(_("not rated")) if tier is None else f"{tier}: {Tier(tier).label}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # cited, assessed or owning: a register forgets nobody

    def save_formset(self, request: HttpRequest, form: ModelForm, formset: BaseInlineFormSet, change: bool) -> None:
        assert isinstance(request.user, User)
        for row in formset.save(commit=False):
            if isinstance(row, SourceAssessment):
                row.assessor = request.user
            elif isinstance(row, SourceOutcome):
                row.by = request.user
            row.save()
        for row in formset.deleted_objects:
            row.delete()
