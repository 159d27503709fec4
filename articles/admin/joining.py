"""The screen on which one source is merged into another: which, what moves, and the button."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles import joining, refusing
from articles.forms import SHOW
from articles.impact import before, impact
from sources.models import Source

from .impact import ImpactScreens, Unsaid
from .screens import user, whole

MOST = 20  # sources to choose from


class MergeScreens(ImpactScreens):
    def get_urls(self) -> list[Any]:
        merge = path("<int:pk>/merge/", self.admin_site.admin_view(self.merge), name="sources_source_merge")
        return [merge, *super().get_urls()]

    def merge(self, request: HttpRequest, pk: int) -> HttpResponse:
        """With `into`, what merging does; without, whom it could be merged into."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        chosen, refused = whole(request.POST.get("into") or request.GET.get("into")), ""
        source, into = self._found(pk, chosen)
        if request.method == "POST" and into and SHOW not in request.POST:
            try:
                with transaction.atomic():
                    then = before([source.pk, into.pk])
                    joining.merge(source, into, by=user(request), seen=request.POST.get("seen", ""))
                    self.settle(request, impact(then))
            except Unsaid as unsaid:
                return self.impact_page(request, unsaid.impact)
            except refusing.Refused as error:
                refused = error.reason
                source, into = self._found(pk, chosen)
            else:
                text = _("“%(source)s” is “%(into)s” from now on.") % {"source": source, "into": into}
                self.log_change(request, source, text)
                self.message_user(request, text, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:sources_source_change", args=[into.pk]))
        return self._merge_page(request, source, into, refused)

    def _found(self, pk: int, chosen: int) -> tuple[Source, Source | None]:
        rows: dict[int, Source] = Source.objects.select_related("merged_into").in_bulk([pk, chosen])
        if pk not in rows:
            raise Http404
        return rows[pk], rows.get(chosen)

    def _merge_page(self, request: HttpRequest, source: Source, into: Source | None, refused: str) -> HttpResponse:
        context: dict[str, Any] = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Merge “%(source)s” into another source") % {"source": source},
            "source": source,
        }
        status = 409 if refused else 200
        if into and not (reason := joining.refusal(source, into, user(request))):
            context["merger"] = joining.merger(source, into)
        else:
            refused = refused or (into and reason) or ""
            context |= self._choice(request, source)
        return TemplateResponse(request, "admin/articles/merge.html", context | {"refused": refused}, status=status)

    def _choice(self, request: HttpRequest, source: Source) -> dict[str, Any]:
        """Those found by what is searched for; before that, those of the same name."""
        query = request.GET.get("q", "").strip()
        found = Source.objects.matching(query) if query else Source.objects.alike(source)
        rows = found.exclude(pk=source.pk).with_tier().with_record().prefetch_related("addresses")[:MOST]
        return {"query": query, "found": rows, "gone": source.merged_into_id is not None}

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        source = context.get("original")
        if source and self.has_change_permission(request, source):
            context["merge_url"] = reverse("admin:sources_source_merge", args=[source.pk])
        return super().render_change_form(request, context, *args, **kwargs)
