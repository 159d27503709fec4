"""The screen on which a reviewer says whether the claim of a published version stood, and what its sources reported."""

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext as _

from articles import judging, languages, refusing
from articles.confidence import Stance, Workings
from articles.models import Publication, Verdict, Version

from .screens import PublicationScreens, user

ANSWERS: dict[str, bool | None] = {"held": True, "failed": False}  # whatever else is said judges nothing


class JudgeScreens(PublicationScreens):
    def judge(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """The claim, the number it had, why it is asked about, each citation, and the verdicts so far."""
        publication, refused = self.found(request, pk), ""
        versions = Version.objects.filter(article=publication.article_id, language=publication.language)
        if (version := versions.filter(number=number).first()) is None:
            raise Http404
        if request.method == "POST":
            try:
                judging.judge(
                    publication,
                    by=user(request),
                    version=number,
                    held=ANSWERS.get(request.POST.get("claim", "")),
                    citations={
                        cited["number"]: ANSWERS.get(request.POST.get(f"citation-{cited['number']}", ""))
                        for cited in version.citations
                    },
                    note=request.POST.get("note", ""),
                    seen=request.POST.get("seen", ""),
                )
            except refusing.Refused as error:
                refused = error.reason
            else:
                said = _("Your verdict on version %(number)d is kept, and what it says of the sources.")
                self.message_user(request, said % {"number": number}, messages.SUCCESS)
                return HttpResponseRedirect(request.path)
        return self._judge_page(request, publication, version, refused)

    def _judge_page(
        self, request: HttpRequest, publication: Publication, version: Version, refused: str
    ) -> HttpResponse:
        context: dict[str, Any] = {
            "title": _("Did the claim stand?"),
            "publication": publication,
            "version": version,
            "language_name": languages.name(version.language),
            "refused": refused,
            "no_verdict": judging.judge_refusal(version, user(request)),
            "claim": request.POST.get("claim", ""),
            "note": request.POST.get("note", ""),
        }
        if judging.was_public(version):
            case = judging.case_of(version)
            workings = Workings.from_json((case.approval.confidence or {})["workings"])
            last = case.earlier[0] if case.earlier else None
            context |= {
                "case": case,
                "workings": replace(workings, prospects=()),  # of then: nothing changes it any more
                "earlier": [(verdict, _judged(verdict)) for verdict in case.earlier],
                "citations": [
                    {
                        **cited,
                        "context": cited["stance"] == Stance.CONTEXT,
                        "contradicts": cited["stance"] == Stance.CONTRADICTS,
                        "typed": request.POST.get(f"citation-{cited['number']}", ""),
                        "before": last and last.citations[str(cited["number"])],
                    }
                    for cited in version.citations
                ],
            }
        return self.page(request, "admin/articles/judge.html", context, conflict=bool(refused))


def _judged(verdict: Verdict) -> dict[str, list[str]]:
    """The numbers of the citations that held, and of those that failed."""
    said = verdict.citations.items()
    return {name: [number for number, held in said if held is answer] for name, answer in ANSWERS.items()}
