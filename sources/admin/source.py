"""The register of sources in the admin. Assessments and outcomes are added, never changed; whoever is merged into
another is only looked at. What a source's change does to articles is not known here.
"""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin
from unfold.admin import ModelAdmin, TabularInline

from sources import owning
from sources.models import Source, SourceAddress, SourceAssessment, SourceOutcome
from sources.tiers import Tier

from .filters import OverdueFilter, TierFilter
from .judging import SourceAssessmentInline, SourceOutcomeInline
from .paging import LongList
from .slugs import ProposesSlugs

MOST = 50  # outcomes on one screen


class SourceAddressInline(TabularInline):
    model = SourceAddress
    extra = 0

    def formfield_for_dbfield(self, *args: Any, **kwargs: Any) -> Any:
        """Named by itself too: the head of the column is no label to a screen reader."""
        if field := super().formfield_for_dbfield(*args, **kwargs):
            field.widget.attrs["aria-label"] = field.label
        return field


@admin.register(Source)
class SourceAdmin(LongList, ProposesSlugs, ModelAdmin, TranslationAdmin):
    list_display = ("__str__", "kind", "owner", "tier", "record", "holds_until")
    list_filter = (TierFilter, OverdueFilter, "kind")
    list_select_related = ("owner",)
    search_fields = ("folded",)  # how it is searched: `SourceQuerySet.matching`
    search_help_text = gettext_lazy("A name in any language, with or without its marks, or an address.")
    autocomplete_fields = ("owner",)
    inlines = (SourceAddressInline, SourceAssessmentInline, SourceOutcomeInline)
    slugs_from = {"slug": [f"name_{code}" for code, _label in settings.LANGUAGES]}

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).with_tier().with_record()  # type: ignore[attr-defined]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """Of lists and of suggestions: nothing that was merged into another."""
        found: Any = queryset
        return found.matching(search_term) if search_term.strip() else found.kept(), False

    @admin.display(description=gettext_lazy("tier"), ordering="tier")
    def tier(self, source: Any) -> str:
        return _("not rated") if source.tier is None else f"{source.tier}: {Tier(source.tier).label}"

    @admin.display(description=gettext_lazy("record"), empty_value="–")
    def record(self, source: Any) -> str | None:
        if not source.held and not source.failed:
            return None
        held, failed = (number_format(each.normalize()) for each in (source.held, source.failed))
        return _("%(held)s held, %(failed)s failed") % {"held": held, "failed": failed}

    @admin.display(description=gettext_lazy("assess again by"), ordering="review_by", empty_value="–")
    def holds_until(self, source: Any) -> str | None:
        if source.review_by is None:
            return None
        day = date_format(source.review_by, "SHORT_DATE_FORMAT")
        return _("overdue since %(day)s") % {"day": day} if source.review_by < timezone.localdate() else day

    def has_change_permission(self, request: HttpRequest, obj: Source | None = None) -> bool:
        return super().has_change_permission(request, obj) and not (obj and obj.merged_into_id)

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

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        if source := context.get("original"):
            context |= self._told(source)
        return super().render_change_form(request, context, *args, **kwargs)

    def _told(self, source: Any) -> dict[str, Any]:
        """What is known of `source` beside what can be typed."""
        outcomes = source.outcomes.with_replaced().select_related("by").order_by("-pk")
        return {
            "today": timezone.localdate(),
            "judgements": source.assessments.select_related("assessor").order_by("-pk"),
            "record": self.record(source),
            "outcomes": outcomes[:MOST],
            "group": owning.group(source),
            "alike": Source.objects.alike(source),
            "merged": source.merged.all(),
        }

    def response_add(self, request: HttpRequest, obj: Source, post_url_continue: str | None = None) -> HttpResponse:
        if alike := [str(each) for each in Source.objects.alike(obj)]:
            text = _("Saved, but the register knows another of this name: %(names)s. Is it the same?")
            self.message_user(request, text % {"names": get_text_list(alike, _("and"))}, messages.WARNING)
        return super().response_add(request, obj, post_url_continue)
