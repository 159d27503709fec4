"""The screens of the moves: the review screen, the frame it shows the words in, and a page for each other move."""

from collections.abc import Callable
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin
from unfold.admin import ModelAdmin

from articles import assessing, diff, languages, standing, workflow
from articles.models import Publication, Version
from articles.reading import Reading, reading
from articles.states import MOVES, Move

SIMPLE: dict[Move, Callable[..., object]] = {
    Move.RECALL: workflow.recall,
    Move.REQUEST_CHANGES: workflow.request_changes,
    Move.TAKE_BACK: workflow.take_back,
    Move.PUBLISH: lambda publication, *, note, **about: workflow.publish(publication, **about),
}


class ReadOnlyAdmin(ModelAdmin):
    """Looked at here, changed elsewhere."""

    actions = None

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Publication)
class PublicationAdmin(ReadOnlyAdmin):
    list_display = ("__str__", "language", "where")
    list_filter = ("language", "state")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Publication]":
        return super().get_queryset(request).with_versions()

    @admin.display(description=_("where it stands"))
    def where(self, publication: Publication) -> str:
        return ", ".join(str(place.label) for place in publication.places)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/review/", view(self.review), name="articles_publication_review"),
            path("<int:pk>/verify/<int:number>/", view(self.verify), name="articles_publication_verify"),
            path("<int:pk>/<slug:move>/do/", view(self.move), name="articles_publication_move"),
            *super().get_urls(),
        ]

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What will be public, what changed, on what it stands: and the two buttons."""
        publication = self._found(request, pk)
        refused, note = "", request.POST.get("note", "")
        if request.method == "POST":
            try:
                return self._decided(request, publication, note)
            except workflow.Refused as error:
                refused = error.reason
                publication = self._found(request, pk)
        return self._review_page(request, publication, refused, note)

    def verify(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        publication = self._found(request, pk)
        if request.method == "POST":
            try:
                workflow.verify(
                    publication,
                    by=_user(request),
                    version=_whole(request.POST.get("version")),
                    number=number,
                    checked=request.POST.get("checked", ""),
                    withdrawn="withdrawn" in request.POST,
                )
            except workflow.Refused as refused:
                self.message_user(request, refused.reason, messages.ERROR)
        return HttpResponseRedirect(f"{standing.review_url(publication)}#citation-{number}")

    def move(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        """What the move will do, a note where one is wanted, and the button."""
        if move not in SIMPLE:
            raise Http404
        kind, publication = Move(move), self._found(request, pk)
        refused = workflow.refusal(publication, kind, _user(request)) or ""
        note = request.POST.get("note", "")
        if request.method == "POST":
            try:
                version = _whole(request.POST.get("version"))
                SIMPLE[kind](publication, by=_user(request), version=version, note=note)
            except workflow.Refused as error:
                refused = error.reason
                publication = self._found(request, pk)
            else:
                self.message_user(request, _told(MOVES[kind].status.label, publication, version), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:index"))
        context = {
            "title": kind.label,
            "move": kind,
            "rule": MOVES[kind],
            "publication": publication,
            "version": workflow.subject_of(publication, kind),
            "language_name": languages.name(publication.language),
            "refused": refused,
            "note": note,
        }
        return self._page(request, "admin/articles/move.html", context, conflict=request.method == "POST")

    # --- parts

    def _found(self, request: HttpRequest, pk: int) -> Publication:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Publication.objects.with_versions().select_related("article")
        if (publication := rows.filter(pk=pk).first()) is None:  # asked twice where a move was refused
            raise Http404
        return publication

    def _decided(self, request: HttpRequest, publication: Publication, note: str) -> HttpResponse:
        about: dict[str, Any] = {"by": _user(request), "note": note}
        if "request_changes" in request.POST:
            row = workflow.request_changes(publication, version=_whole(request.POST.get("version")), **about)
        else:
            row = workflow.approve(publication, seen=request.POST.get("seen", ""), **about)
        self.message_user(request, _told(row.get_status_display(), publication, row.version.number), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:index"))

    def _review_page(self, request: HttpRequest, publication: Publication, refused: str, note: str) -> HttpResponse:
        version, user = publication.in_review, _user(request)
        context: dict[str, Any] = {
            "title": _("Review"),
            "publication": publication,
            "language_name": languages.name(publication.language),
            "refused": refused,
            "note": note,
            "version": version,
        }
        if version:
            assessment = assessing.assess(version)
            base = publication.approved or publication.live
            context |= {
                "reading": read(version, assessment),
                "workings": assessment.workings,
                "seen": assessing.screen_hash(version, assessment),
                "base": base,
                "changes": [
                    (_label(change.field), change.pieces) for change in diff.changes(base.content(), version.content())
                ]
                if base
                else [],
                "no_approval": workflow.refusal(publication, Move.APPROVE, user),
                "no_return": workflow.refusal(publication, Move.REQUEST_CHANGES, user),
                "no_verification": workflow.verify_refusal(publication, user),
                "note_needed": workflow.note_needed(version, assessment),
            }
        return self._page(request, "admin/articles/review.html", context, conflict=bool(refused))

    def _page(self, request: HttpRequest, template: str, context: dict[str, Any], conflict: bool) -> HttpResponse:
        whole = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, template, whole, status=409 if conflict else 200)


@admin.register(Version)
class VersionAdmin(ReadOnlyAdmin):
    list_display = ("headline", "language", "number", "frozen_at", "frozen_by")
    list_filter = ("language",)
    list_select_related = ("frozen_by",)

    def get_urls(self) -> list[Any]:
        frame = self.admin_site.admin_view(self.frame)
        return [path("<int:pk>/reading/", frame, name="articles_version_reading"), *super().get_urls()]

    @method_decorator(xframe_options_sameorigin)
    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    def frame(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The words of others as the reader's own template shows them, for a frame without scripts: an author is not
        trusted with a reviewer's session."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        version = get_object_or_404(Version, pk=pk)
        with override(version.language):
            context = {"reading": read(version, assessing.assess(version)), "opened": True}
            return TemplateResponse(request, "articles/frame.html", context).render()


def read(version: Version, assessment: assessing.Assessment) -> Reading:
    """What a reader would get of a version that is not public yet: not reviewed, and marked so."""
    return reading(version.content(), assessment.as_json(), number=version.number, digest=version.digest)


def _told(status: object, publication: Publication, version: int) -> str:
    return _("Version %(number)d, %(language)s: %(status)s.") % {
        "number": version,
        "language": languages.name(publication.language),
        "status": status,
    }


def _label(field: str) -> str:
    return str(getattr(Version._meta.get_field(field), "verbose_name", field))


def _whole(text: str | None) -> int:
    """A number from a form; what is none equals no version."""
    return int(text) if text and len(text) < 10 and text.isascii() and text.isdigit() else 0


def _user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # the admin lets nobody else in
    return request.user
