"""The impact of a source's change, before it is saved: whose number would be another one, and a yes to exactly that.

The change is made for good only once it changes no live article, or whoever makes it agreed to what it changes, by the
hash on their screen. Afterwards those articles wait on the desk; no reader sees anything of it.
"""

from typing import Any

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from unfold.admin import ModelAdmin

from articles import workflow
from articles.forms import SHOW, Shown
from articles.impact import Impact, before, impact
from sources.models import Source

LENGTH = 50  # articles shown of those that would change
AGREED = "agreed"  # posted with the form: the hash of the impact that was on the screen


class Unsaid(Exception):
    """Nobody agreed to this impact: nothing of the change may be kept."""

    def __init__(self, impact: Impact) -> None:
        super().__init__(impact.hash)
        self.impact = impact


class ImpactScreens(ModelAdmin):
    """Of sources, in front of whatever else their admin does."""

    def get_form(self, request: HttpRequest, obj: Source | None = None, change: bool = False, **kwargs: Any) -> Any:
        plain: Any = kwargs.get("form", self.form)
        kwargs["form"] = type("SourceForm", (Shown, plain), {})
        return super().get_form(request, obj, change=change, **kwargs)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """What Django rolls back on the way out, the page then asks about."""
        if SHOW in request.POST:
            self.message_user(request, _("This is what you typed. It is not saved yet."), messages.WARNING)
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Unsaid as unsaid:
            return self.impact_page(request, unsaid.impact)

    def save_model(self, request: HttpRequest, obj: Source, form: ModelForm, change: bool) -> None:
        form.before = before([obj.pk] if change else [])  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        self.settle(request, found := impact(form.before))  # type: ignore[attr-defined]
        if change and not found.effects:
            self.message_user(request, said(found), messages.INFO)

    def settle(self, request: HttpRequest, found: Impact) -> None:
        """Let a change of this impact be kept, and what it changes wait; within its transaction. Raises Unsaid."""
        if found.effects and request.POST.get(AGREED) != found.hash:
            raise Unsaid(found)
        workflow.unsettle(found.sources)
        if found.effects:
            waits = ngettext(
                "%(count)d live article waits to be reassessed now.",
                "%(count)d live articles wait to be reassessed now.",
                found.articles,
            )
            self.message_user(request, waits % {"count": found.articles}, messages.WARNING)

    def impact_page(self, request: HttpRequest, found: Impact) -> HttpResponse:
        carried = [(name, value) for name, values in request.POST.lists() for value in values]
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("Before it is saved"),
            "said": said(found),
            "effects": found.effects[:LENGTH],
            "more": len(found.effects) - LENGTH,
            "changed": AGREED in request.POST,
            "agreed": found.hash,
            "carried": [(name, value) for name, value in carried if name not in {"csrfmiddlewaretoken", AGREED, SHOW}],
            "show": SHOW,
            "is_popup": IS_POPUP_VAR in request.POST,
        }
        status = 409 if context["changed"] else 200
        return TemplateResponse(request, "admin/articles/impact.html", context, status=status)


def said(found: Impact) -> str:
    if not found.effects:
        return _("This changes the number or a badge of no live article.")
    articles = ngettext("%(count)d live article", "%(count)d live articles", found.articles)
    languages = ngettext("%(count)d language", "%(count)d languages", found.languages)
    return _("This changes the number or a badge of %(articles)s in %(languages)s.") % {
        "articles": articles % {"count": found.articles},
        "languages": languages % {"count": found.languages},
    }
