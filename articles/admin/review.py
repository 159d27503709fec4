"""The review screen, and the frame it shows the words in."""

from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin

from articles import assessing, diff, languages, refusing, standing, workflow
from articles.models import Publication, Version
from articles.reading import Reading, reading
from articles.states import Move

from .history import OldVersionScreens
from .screens import PublicationScreens, told, user, whole


class ReviewScreens(PublicationScreens):
    """What will be public, what changed, on what it stands: and the two buttons."""

    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What will be public, what changed, on what it stands: and the two buttons."""
        publication = self.found(request, pk)
        refused, note = "", request.POST.get("note", "")
        if request.method == "POST":
            try:
                return self._decided(request, publication, note)
            except refusing.Refused as error:
                refused = error.reason
                publication = self.found(request, pk)
        return self._review_page(request, publication, refused, note)

    def verify(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        publication = self.found(request, pk)
        if request.method == "POST":
            try:
                workflow.verify(
                    publication,
                    by=user(request),
                    version=whole(request.POST.get("version")),
                    number=number,
                    checked=request.POST.get("checked", ""),
                    withdrawn="withdrawn" in request.POST,
                )
            except refusing.Refused as refused:
                self.message_user(request, refused.reason, messages.ERROR)
        return HttpResponseRedirect(f"{standing.review_url(publication)}#citation-{number}")

    def _decided(self, request: HttpRequest, publication: Publication, note: str) -> HttpResponse:
        about: dict[str, Any] = {"by": user(request), "note": note}
        if "request_changes" in request.POST:
            row = workflow.request_changes(publication, version=whole(request.POST.get("version")), **about)
        else:
            row = workflow.approve(publication, seen=request.POST.get("seen", ""), **about)
        self.message_user(request, told(row.get_status_display(), publication, row.version.number), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:index"))

    def _review_page(self, request: HttpRequest, publication: Publication, refused: str, note: str) -> HttpResponse:
        version, person = publication.in_review, user(request)
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
                "no_approval": refusing.refusal(publication, Move.APPROVE, person),
                "no_return": refusing.refusal(publication, Move.REQUEST_CHANGES, person),
                "no_verification": refusing.verify_refusal(publication, person),
                "note_needed": refusing.note_needed(version, assessment),
            }
        return self.page(request, "admin/articles/review.html", context, conflict=bool(refused))


@admin.register(Version)
class VersionAdmin(OldVersionScreens):
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


def _label(field: str) -> str:
    return str(getattr(Version._meta.get_field(field), "verbose_name", field))
