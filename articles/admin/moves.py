"""A page for each move but submitting, which is the editor's form, and those of a reviewer's screen."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles import languages, refusing
from articles.moving import FIELDS, MoveForm
from articles.states import MOVES, Move

from .screens import PublicationScreens, told, user, whole


class MoveScreens(PublicationScreens):
    def move(self, request: HttpRequest, pk: int, move: str) -> HttpResponse:
        """What the move will do, what it asks for, and the button."""
        if move not in FIELDS:
            raise Http404
        kind, publication = Move(move), self.found(request, pk)
        form = MoveForm(kind, publication, request.POST if request.method == "POST" else None)
        refused = refusing.refusal(publication, kind, user(request)) or ""
        if form.is_valid():
            version = whole(request.POST.get("version"))
            try:
                form.make(by=user(request), version=version)
            except refusing.Refused as error:
                refused, form.publication = error.reason, self.found(request, pk)
            else:
                self.message_user(request, told(MOVES[kind].status.label, publication, version), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:index"))
        return self._move_page(request, form, refused)

    def _move_page(self, request: HttpRequest, form: MoveForm, refused: str) -> HttpResponse:
        move, publication = form.move, form.publication
        context = {
            "title": move.label,
            "move": move,
            "rule": MOVES[move],
            "publication": publication,
            "version": refusing.subject_of(publication, move),
            "language_name": languages.name(publication.language),
            "refused": refused,
            "form": form,
        }
        return self.page(request, "admin/articles/move.html", context, conflict=request.method == "POST")
