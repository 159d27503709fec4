"""The review screen, and the frame it shows the words in."""

from dataclasses import dataclass
from typing import Any

from csp.constants import SELF
from csp.decorators import csp_replace
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.clickjacking import xframe_options_sameorigin

from articles import assessing, citing, comparing, languages, quoting, refusing, remarks, standing, workflow
from articles.kinds import CORRECTIONS
from articles.models import Link, Publication, Version
from articles.states import LiveState, Move

from .history import OldVersionScreens
from .screens import PublicationScreens, read, told, user, whole

SINCE = ("mine", "approved", "all")  # since when changes are told: the reviewer's last approval, anybody's, the whole
TYPED = ("note", "public_note", "kind", "text", "paragraph")  # what a refusal gives back


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to "since when"; without a base, the whole."""

    since: str
    base: Version | None


class ReviewScreens(PublicationScreens):
    def review(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What will be public, what changed, on what it stands: and the buttons."""
        publication, refused = self.found(request, pk), ""
        if request.method == "POST":
            try:
                if "remark" in request.POST:
                    return self._remarked(request, publication)
                return self._decided(request, publication)
            except refusing.Refused as error:
                refused = error.reason
                publication = self.found(request, pk)
        return self._review_page(request, publication, refused)

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
        back = standing.reassess_url if "reassess" in request.POST else standing.review_url
        return HttpResponseRedirect(f"{back(publication)}#citation-{number}")

    def _decided(self, request: HttpRequest, publication: Publication) -> HttpResponse:
        about: dict[str, Any] = {"by": user(request), "note": request.POST.get("note", "")}
        if "request_changes" in request.POST:
            row = workflow.request_changes(publication, version=whole(request.POST.get("version")), **about)
        elif "approve_and_publish" in request.POST:
            about |= {name: request.POST.get(name, "") for name in ("seen", "kind", "public_note")}
            row = workflow.approve_and_publish(publication, **about)
        else:
            row = workflow.approve(publication, seen=request.POST.get("seen", ""), **about)
        self.message_user(request, told(row.get_status_display(), publication, row.version.number), messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:index"))

    def _remarked(self, request: HttpRequest, publication: Publication) -> HttpResponse:
        written = remarks.write(
            publication,
            by=user(request),
            version=whole(request.POST.get("version")),
            paragraph=whole(request.POST.get("paragraph")),
            text=request.POST.get("text", ""),
        )
        self.message_user(request, _("Your note is kept. It has to be resolved before an approval."), messages.SUCCESS)
        return HttpResponseRedirect(f"{standing.review_url(publication)}#remark-{written.pk}")

    def _review_page(self, request: HttpRequest, publication: Publication, refused: str) -> HttpResponse:
        version, person = publication.in_review, user(request)
        context: dict[str, Any] = {
            "title": _("Review"),
            "publication": publication,
            "language_name": languages.name(publication.language),
            "refused": refused,
            "version": version,
            **{name: request.POST.get(name, "") for name in TYPED},
        }
        if version:
            context |= _on_what_it_stands(publication, version)
            asked = request.GET.get("since", "")
            context |= _what_changed(publication, version, person, asked if asked in SINCE else "")
            context |= _what_may_be_done(publication, person)
        return self.page(request, "admin/articles/review.html", context, conflict=bool(refused))


def _on_what_it_stands(publication: Publication, version: Version) -> dict[str, Any]:
    assessment = assessing.assess(version)
    after = read(version, assessment)
    before = publication.reading() if publication.state == LiveState.LIVE else None
    then = comparing.numbers_then(publication.live, version) if publication.live else {}
    return {
        "assessment": assessment,
        "reading": after,
        "before": before,
        "moved": comparing.moved(before.workings, after.workings, then) if before else [],
        "sentences": quoting.sentences(version.body),
        "unmarked": citing.unmarked_in(version.kind, {version.language: version.body}),
        "links": Link.objects.by_url(cited["url"] for cited in version.citations),
        "seen": assessing.screen_hash(version, assessment),
        "note_needed": refusing.note_needed(version, assessment),
    }


def _what_changed(publication: Publication, version: Version, person: User, since: str) -> dict[str, Any]:
    choices = _choices(publication, version, person)
    chosen = next((each for each in choices if each.since == since), choices[0])
    threads = remarks.threads([publication])
    standing_at = {thread.paragraph or 0 for thread in threads if not thread.resolved}
    comparison = comparing.compared(chosen.base, version, kept=standing_at)
    other = _other_language(publication, version)
    return {
        "asked": since,
        "choices": choices,
        "chosen": chosen,
        "comparison": comparison,
        "passages": [
            (passage.folded, [(block, _on(threads, block.number)) for block in passage.blocks])
            for passage in comparison.passages
        ],
        "elsewhere": [thread for thread in threads if not thread.resolved and not thread.paragraph],
        "resolved": [thread for thread in threads if thread.resolved],
        "paragraphs": [block for each in comparison.passages for block in each.blocks if block.number],
        "other": other,
        "other_name": other and languages.name(other.version.language),
    }


def _on(threads: list[remarks.Thread], number: int | None) -> list[remarks.Thread]:
    return [thread for thread in threads if number and thread.paragraph == number and not thread.resolved]


def _choices(publication: Publication, version: Version, person: User) -> list[Choice]:
    """What can be chosen here, the narrowest first."""
    mine = Version.objects.last_approved(version, by=person)
    approved = publication.approved or publication.live
    bases = {"mine": mine, "approved": None if approved == mine else approved}
    return [*(Choice(since, base) for since, base in bases.items() if base), Choice("all", None)]


def _other_language(publication: Publication, version: Version) -> comparing.Comparison | None:
    """What changed in the language that this version was made beside, or in another where it was made beside none."""
    made_from = version.made_from
    others = Publication.objects.of(publication.article_id).exclude(pk=publication.pk).with_versions()
    for other in others.filter(language=made_from.language) if made_from else others:
        newest = other.in_review
        if newest is None and other.state != LiveState.WITHDRAWN:
            newest = other.approved or other.live
        if newest and (made_from is None or newest.number > made_from.number):
            return comparing.compared(made_from, newest)
    return None


def _what_may_be_done(publication: Publication, person: User) -> dict[str, Any]:
    no_approval = refusing.refusal(publication, Move.APPROVE, person)
    publishes = not refusing.not_you(publication, Move.PUBLISH, person)
    return {
        "no_approval": no_approval,
        "no_return": refusing.refusal(publication, Move.REQUEST_CHANGES, person),
        "no_verification": refusing.verify_refusal(publication, person),
        "no_remark": remarks.write_refusal(publication, person),
        "no_answer": remarks.answer_refusal(publication, person),
        "no_resolution": remarks.resolve_refusal(publication, person),
        "may_publish": publishes and not refusing.not_you(publication, Move.APPROVE, person),
        "corrects": publication.state != LiveState.NEVER,
        "kinds": CORRECTIONS,
    }


@admin.register(Version)
class VersionAdmin(OldVersionScreens):
    list_display = ("headline", "language", "number", "frozen_at", "frozen_by")
    ordering = ("-pk",)
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
        live = Publication.objects.live().for_readers().filter(live=version).first()
        with override(version.language):
            shown = live.reading() if live else read(version, assessing.assess(version))
            context = {"reading": shown, "opened": True}
            return TemplateResponse(request, "articles/frame.html", context).render()
