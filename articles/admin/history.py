"""An article's history in sentences, and what can be done with an old version: compare, hand out, start again from."""

from copy import copy
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from articles import chronicle, comparing, languages, previewing, refusing, reverting, standing
from articles.freezing import freeze
from articles.models import Article, PreviewLink, Version
from articles.models.article import TRANSLATED
from articles.states import Role

from .screens import ReadOnlyAdmin, user, whole

PAGE = 50


class HistoryScreens(ModelAdmin):
    """In the place of the framework's own history, which knows only what its forms did."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        article = get_object_or_404(Article, pk=whole(object_id))
        language = request.GET.get("language", "")
        language = language if language in dict(settings.LANGUAGES) else ""
        page = Paginator(chronicle.rows_of(article, language), PAGE).get_page(request.GET.get("p"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("History of %(article)s") % {"article": article},
            "article": article,
            "events": chronicle.told(article, page),
            "page": page,
            "language": language,
            "languages": [("", _("all languages")), *((code, languages.name(code)) for code, _n in settings.LANGUAGES)],
            "may_start_again": user(request).has_perm(f"articles.{Role.EDITOR.value}"),
        }
        return TemplateResponse(request, "admin/articles/history.html", context)


class OldVersionScreens(ReadOnlyAdmin):
    """Pages about one version."""

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/changes/", view(self.changes), name="articles_version_changes"),
            path("<int:pk>/start-again/", view(self.start_again), name="articles_version_start_again"),
            path("<int:pk>/previews/", view(self.previews), name="articles_version_previews"),
            *super().get_urls(),
        ]

    def changes(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Word by word against the version before it."""
        version = self._version(request, pk)
        before = version.article.versions.filter(language=version.language, number__lt=version.number).last()
        context = {"before": before, "comparison": comparing.compared(before, version)}
        return self._page(request, "changes", version, _("What changed"), context)

    def start_again(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the working copy would lose and get, and the button."""
        version, refused = self._version(request, pk), ""
        if request.method == "POST":
            try:
                reverting.revert(version, by=user(request), seen=whole(request.POST.get("seen")))
            except refusing.Refused as error:
                refused = error.reason
            else:
                text = _(
                    "The working copy has the words of version %(number)d again, %(language)s. Nothing is submitted."
                )
                named = {"number": version.number, "language": languages.name(version.language)}
                self.message_user(request, text % named, messages.SUCCESS)
                return HttpResponseRedirect(standing.change_url(version.article))
        seen = version.article.edits.latest("pk").pk  # before the words: an edit between the two is refused
        context = {"refused": refused, "seen": seen, "may": user(request).has_perm(f"articles.{Role.EDITOR.value}")}
        try:
            now = freeze(version.article, version.language).version
            then = copy(now)
            for name in TRANSLATED:
                setattr(then, name, getattr(version, name))
            context["comparison"] = comparing.compared(now, then)
        except ValidationError as error:
            context["faults"] = error.messages
        return self._page(request, "start-again", version, _("Start again from this version"), context)

    def previews(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The links to this version, each with its openings; a new one, and the end of one."""
        version, refused = self._version(request, pk), ""
        if request.method == "POST":
            try:
                self._made_or_revoked(request, version)
            except refusing.Refused as error:
                refused = error.reason
            else:
                return HttpResponseRedirect(reverse("admin:articles_version_previews", args=[pk]))
        context = {
            "refused": refused,
            "links": [
                {
                    "link": link,
                    "url": request.build_absolute_uri(previewing.url(link)),
                    "openings": [each.at for each in link.newest],
                    "count": link.count,
                    "open": not link.revoked_at and not link.expired(timezone.now()),
                }
                for link in previewing.with_openings(version)
            ],
            "days": previewing.DAYS.items(),
            "default": previewing.DEFAULT_DAYS,
            "withdrawn": previewing.withdrawn(version),
        }
        return self._page(request, "previews", version, _("Preview links"), context)

    def _made_or_revoked(self, request: HttpRequest, version: Version) -> None:
        if "revoke" in request.POST:
            link = get_object_or_404(PreviewLink, pk=whole(request.POST["revoke"]), version=version)
            previewing.revoke(link, by=user(request))
        else:
            previewing.make(version, by=user(request), days=whole(request.POST.get("days")))

    def _version(self, request: HttpRequest, pk: int) -> Version:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return get_object_or_404(Version.objects.select_related("article"), pk=pk)

    def _page(
        self, request: HttpRequest, name: str, version: Version, title: str, context: dict[str, Any]
    ) -> HttpResponse:
        about = {"title": title, "version": version, "language_name": languages.name(version.language)}
        whole_context = {**self.admin_site.each_context(request), "opts": self.opts, **about, **context}
        status = 409 if context.get("refused") else 200
        return TemplateResponse(request, f"admin/articles/{name}.html", whole_context, status=status)
