"""A page for each move but submitting, which is the editor's form, and approving, which is the review screen."""

from collections.abc import Callable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles import languages, refusing, workflow
from articles.states import MOVES, Move

from .screens import PublicationScreens, told, user, whole

SIMPLE: dict[Move, Callable[..., object]] = {
    Move.RECALL: workflow.recall,
    Move.REQUEST_CHANGES: workflow.request_changes,
    Move.TAKE_BACK: workflow.take_back,
    Move.PUBLISH: lambda publication, *, note, **about: workflow.publish(publication, **about),
}


class MoveScreens(PublicationScreens):
    def move(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        """What the move will do, a note where one is wanted, and the button."""
        if move not in SIMPLE:
            raise Http404
        kind, publication = Move(move), self.found(request, pk)
        refused = refusing.refusal(publication, kind, user(request)) or ""
        note = request.POST.get("note", "")
        if request.method == "POST":
            try:
                version = whole(request.POST.get("version"))
                SIMPLE[kind](publication, by=user(request), version=version, note=note)
            except refusing.Refused as error:
                refused = error.reason
                publication = self.found(request, pk)
            else:
                self.message_user(request, told(MOVES[kind].status.label, publication, version), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:index"))
        context = {
            "title": kind.label,
            "move": kind,
            "rule": MOVES[kind],
            "publication": publication,
            "version": refusing.subject_of(publication, kind),
            "language_name": languages.name(publication.language),
            "refused": refused,
            "note": note,
        }
        return self.page(request, "admin/articles/move.html", context, conflict=request.method == "POST")
