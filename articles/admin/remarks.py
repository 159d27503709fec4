"""Notes on a text in the admin: where one is answered or resolved. Written on the review screen."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from articles import refusing, remarks, standing
from articles.models import Publication

from .screens import PublicationScreens, user

TO_ARTICLE = "article"  # where an author came from, and goes back to


class RemarkScreens(PublicationScreens):
    def remark(self, request: HttpRequest, pk: int, remark: int) -> HttpResponse:
        """One note with what was said to it, a box to answer, and the buttons: it keeps what was refused."""
        publication = self.found(request, pk)
        refused, text = "", request.POST.get("text", "")
        if (thread := self._thread(publication, remark)) is None:
            raise Http404
        if request.method == "POST":
            resolves = "resolve" in request.POST
            try:
                remarks.answer(thread.first, by=user(request), text=text, resolves=resolves)
            except refusing.Refused as error:
                refused = error.reason
                publication = self.found(request, pk)
                thread = self._thread(publication, remark)
            else:
                said = _("The note is resolved.") if resolves else _("Your answer is kept.")
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(self._back(publication, remark, request.POST.get("back", "")))
        context = {
            "title": _("A note on the text"),
            "publication": publication,
            "version": publication.newest,
            "thread": thread,
            "refused": refused,
            "text": text,
            "back": request.POST.get("back", ""),
            "no_answer": remarks.answer_refusal(publication, user(request)),
            "no_resolution": remarks.resolve_refusal(publication, user(request)),
        }
        return self.page(request, "admin/articles/remark.html", context, conflict=bool(refused))

    def _thread(self, publication: Publication, remark: int) -> remarks.Thread | None:
        return next((each for each in remarks.threads([publication]) if each.first.pk == remark), None)

    def _back(self, publication: Publication, remark: int, back: str) -> str:
        if back == TO_ARTICLE or not publication.in_review:
            return f"{standing.change_url(publication.article)}#remark-{remark}"
        return f"{standing.review_url(publication)}#remark-{remark}"
