"""By what the list of sources is narrowed."""

from typing import Any

from django.contrib.admin import SimpleListFilter
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sources.tiers import Tier

NOT_RATED = "none"
OVERDUE = "overdue"


class TierFilter(SimpleListFilter):
    title = _("tier")
    parameter_name = "tier"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        tiers = [(str(tier.value), f"{tier.value}: {tier.label}") for tier in Tier]
        return [*tiers, (NOT_RATED, str(_("not rated")))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == NOT_RATED:
            return queryset.filter(tier=None)
        return queryset.filter(tier=self.value()) if self.value() in {str(tier.value) for tier in Tier} else queryset


class OverdueFilter(SimpleListFilter):
    title = _("assessment")
    parameter_name = "assessment"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(OVERDUE, _("overdue"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(review_by__lt=timezone.localdate()) if self.value() == OVERDUE else queryset
