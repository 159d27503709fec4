"""The workings beside the article's form, of what stands in it now: the server's own arithmetic on the rows as a save
would keep them. Nothing is written here, and no sentence about confidence made (`articles.wording`).
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.forms import BaseInlineFormSet, ModelForm
from django.forms.formsets import DELETION_FIELD_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from unfold.admin import ModelAdmin

from articles import standing, wording
from articles.assessing import Assessment
from articles.kinds import RATED_KINDS
from articles.models import Article, Citation
from sources import addresses
from sources.models import Source

from . import opened
from .screens import whole


@dataclass(frozen=True, slots=True)
class Waiting:
    """A row that no save would keep as it is, by its URL as typed, and why."""

    url: str
    why: str


class LiveWorkings(ModelAdmin):
    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.workings)
        return [
            path("workings/", view, name="articles_article_add_workings"),
            path("<int:pk>/workings/", view, name="articles_article_workings"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def workings(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What is shown in the panel for the form that is posted; it is neither saved nor refused."""
        article = get_object_or_404(Article, pk=pk) if pk else Article()
        may = self.has_change_permission(request, article) if pk else self.has_add_permission(request)
        formset = self._typed(request, article) if may else None
        if formset is None:
            raise PermissionDenied
        citations, waiting = _as_saved(formset, article)
        found = formset.non_form_errors() or standing.preview(article, citations)
        kind = request.POST.get("kind", article.kind)
        context = {"preview": found, "kind": kind, "waiting": waiting, "typed": True}
        if isinstance(found, Assessment) and kind in RATED_KINDS:
            context["said"] = wording.moved(whole(request.POST.get("was")) or None, found.workings.percent)
        return TemplateResponse(request, "admin/articles/article/workings.html", context)

    def _typed(self, request: HttpRequest, article: Article) -> BaseInlineFormSet | None:
        """The rows as a save would read them: merged with what others saved since the form was opened."""
        of_whom, data = article if article.pk else None, request.POST.copy()
        request.POST = data  # type: ignore[assignment]
        for kind, inline in self.get_formsets_with_inlines(request, of_whom):
            if kind.model is Citation:
                prefix, token = kind.get_default_prefix(), opened.Opened({}, {})
                if of_whom:
                    token = opened.check(data, article, {}, kind.form.base_fields).opened
                formset: BaseInlineFormSet = kind(**self.get_formset_kwargs(request, article, inline, prefix))
                formset.is_valid()
                token.give_keys(formset)
                return formset
        return None


def _as_saved(formset: BaseInlineFormSet, article: Article) -> tuple[list[Citation], list[Waiting]]:
    """The citations in the order that a save would give them, and the rows that it would not take."""
    citations: list[Citation] = []
    waiting: list[Waiting] = []
    made: dict[addresses.Place, Source] = {}
    last = article.last_key
    for form in formset.forms:
        if form.cleaned_data.get(DELETION_FIELD_NAME) or (form.empty_permitted and not form.has_changed()):
            continue
        url = formset.data.get(form.add_prefix("url"), "").strip()
        if why := _why_not(form, url):
            waiting.append(Waiting(url, why))
            continue
        row = form.instance
        if not row.source_id:
            row.source = _about_to_be_made(url, made)
        if not row.key:
            row.key = last = last + 1
            row.position = row.position or row.key
        citations.append(row)
    return sorted(citations, key=lambda row: (row.position, row.key)), waiting


def _why_not(form: ModelForm, url: str) -> str:
    if not url:
        return _("It has no URL yet.")
    labels = {name: f"{field.label}: " for name, field in form.fields.items()}
    return " ".join(f"{labels.get(name, '')}{fault}" for name, faults in form.errors.items() for fault in faults)


def _about_to_be_made(url: str, made: dict[addresses.Place, Source]) -> Source:
    """The source that a save would make, and find again for the next row: in no register yet, by a number below 0."""
    found = next((made[place] for place in addresses.candidates(url) if place in made), None)
    return found or made.setdefault(addresses.account(url), Source(pk=-1 - len(made)))
