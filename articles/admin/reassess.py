"""The screen of a reassessment: the live words as they stay, their workings as they were and as they would be."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from articles import assessing, comparing, languages, quoting, refusing, workflow
from articles.models import Link, Publication
from articles.states import Move

from .screens import PublicationScreens, read, told, user


class ReassessScreens(PublicationScreens):
    def reassess(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The workings before and after side by side, why they differ, the note to the reader, and the button."""
        publication = self.found(request, pk)
        refused, note = "", request.POST.get("note", "")
        if request.method == "POST":
            try:
                row = workflow.reassess(publication, by=user(request), seen=request.POST.get("seen", ""), note=note)
            except refusing.Refused as error:
                refused = error.reason
                publication = self.found(request, pk)
            else:
                said = told(row.get_status_display(), publication, row.version.number)
                self.message_user(request, said, messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:index"))
        return self._reassess_page(request, publication, refused, note)

    def _reassess_page(self, request: HttpRequest, publication: Publication, refused: str, note: str) -> HttpResponse:
        version, person = refusing.subject_of(publication, Move.REASSESS), user(request)
        context: dict[str, Any] = {
            "title": Move.REASSESS.label,
            "publication": publication,
            "language_name": languages.name(publication.language),
            "refused": refused,
            "note": note,
            "version": version,
        }
        if version:
            assessment, before = assessing.assess(version), publication.reading()
            after = read(version, assessment)
            context |= {
                "before": before,
                "assessment": assessment,
                "reading": after,
                "moved": comparing.moved(before.workings, after.workings),
                "sentences": quoting.sentences(version.body),
                "links": Link.objects.by_url(cited["url"] for cited in version.citations),
                "seen": assessing.screen_hash(version, assessment),
                "no_reassessment": refusing.refusal(publication, Move.REASSESS, person),
                "no_verification": refusing.verify_refusal(publication, person, Move.REASSESS),
            }
        return self.page(request, "admin/articles/reassess.html", context, conflict=bool(refused))
