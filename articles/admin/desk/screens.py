"""What is done from the desk: a list looked at whole, a reviewer named, a colleague's reviews taken over, and many
articles published, each by itself. Approving is done one at a time, on its own screen.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from articles import cleaning, languages, refusing, standing, workflow
from articles.admin.screens import PublicationScreens, user, whole
from articles.models import Publication, Version
from articles.states import Move

from .lists import FACETS, WHOLE
from .queue import MINE, OVERDUE, UNASSIGNED
from .shape import WHOLE_LENGTH, Asked, list_url, name_of, shown


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article of many: `reason` is the refusal, or "" where it was done."""

    publication: Publication
    version: Version | None
    url: str
    reason: str


class DeskScreens(PublicationScreens):
    """Pages about many publications at once, and the one on which a reviewer is named."""

    def listed(self, request: HttpRequest, name: str) -> HttpResponse:
        """One list of the desk, page by page."""
        self._seen_by(request)
        if name not in WHOLE:
            raise Http404
        get, chosen = request.GET.get, WHOLE[name]
        who = get("who", "")
        asked = Asked(
            user(request),
            language=get("language", ""),
            who=who if who in {MINE, UNASSIGNED, OVERDUE} else "",
            category=get("category", ""),
            coverage=get("coverage", ""),
            list=name,
        )
        number = max(1, whole(get("p")))
        stretch = shown(chosen, asked, (number - 1) * WHOLE_LENGTH, WHOLE_LENGTH)
        context = {
            "title": chosen.title,
            "list": stretch,
            "facets": FACETS[name](asked) if name in FACETS else [],
            "before": _page(request, number - 1) if number > 1 else "",
            "after": _page(request, number + 1) if stretch.start + len(stretch.rows) < stretch.total else "",
        }
        return self.page(request, "admin/articles/desk/whole.html", context, conflict=False)

    def assign(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who is to review it, and by when."""
        publication = self.found(request, pk)
        typed = {
            "reviewer": request.POST.get("reviewer", str(publication.reviewer_id or "")),
            "due": cleaning.line(request.POST.get("due", str(publication.review_due or ""))),
        }
        refused = refusing.assign_refusal(publication, user(request)) or ""
        if request.method == "POST":
            try:
                publication = self._assigned(request, publication, typed["due"])
            except refusing.Refused as error:
                refused = error.reason
                publication = self.found(request, pk)
            else:
                self.message_user(request, _named(publication), messages.SUCCESS)
                return HttpResponseRedirect(reverse("admin:index"))
        context = {
            "title": _("Who reviews it"),
            "publication": publication,
            "version": publication.in_review,
            "language_name": languages.name(publication.language),
            "refused": refused,
            "open": not refusing.assign_refusal(publication, user(request)),
            "may_take": not refusing.refusal(publication, Move.APPROVE, user(request)),
            "people": [(str(person.pk), name_of(person)) for person in refusing.reviewers(publication.in_review)],
            **typed,
        }
        return self.page(request, "admin/articles/desk/assign.html", context, conflict=request.method == "POST")

    def hand_over(self, request: HttpRequest) -> HttpResponse:
        """Every open review of one person to another, because somebody is away: each checked by itself."""
        self._seen_by(request)
        away = {
            str(person.pk): person
            for person in User.objects.filter(assigned__in_review__isnull=False)
            .annotate(reviews=Count("assigned"))
            .order_by("last_name", "first_name", "username")
        }
        people = {str(person.pk): person for person in refusing.reviewers(None)}
        asked = request.POST if request.method == "POST" else request.GET
        giver, taker = away.get(asked.get("from", "")), people.get(asked.get("to", ""))
        refused = refusing.assign_refusal(None, user(request)) or ""
        if request.method == "POST" and not refused:
            if giver and taker and giver.pk != taker.pk:
                rows = Publication.objects.in_review().filter(reviewer=giver).with_versions()
                return self._reported(
                    request,
                    _("Handed over from %(giver)s to %(taker)s") % {"giver": name_of(giver), "taker": name_of(taker)},
                    [_handed_over(row, by=user(request), to=taker) for row in rows],
                )
            refused = _("Choose whose reviews they are, and somebody else who takes them.")
        context = {
            "title": _("Hand over reviews"),
            "refused": refused,
            "open": not refusing.assign_refusal(None, user(request)),
            "away": [(key, name_of(person), person.reviews) for key, person in away.items()],
            "people": [(key, name_of(person)) for key, person in people.items()],
            "giver": giver and str(giver.pk),
            "taker": taker and str(taker.pk),
        }
        return self.page(request, "admin/articles/desk/hand_over.html", context, conflict=request.method == "POST")

    def publish(self, request: HttpRequest) -> HttpResponse:
        """The versions that were ticked, each published in a transaction of its own, and what became of each."""
        self._seen_by(request)
        ticked = [(whole(pk), whole(number)) for pk, _colon, number in _pairs(request.POST.getlist("publish"))]
        if not ticked:
            if request.method == "POST":
                self.message_user(request, _("Tick what is to be published."), messages.ERROR)
            return HttpResponseRedirect(list_url("ready"))
        rows = Publication.objects.with_versions().in_bulk([pk for pk, _number in ticked])
        done = [
            _published(rows[pk], by=user(request), version=number)
            for pk, number in dict(ticked[:WHOLE_LENGTH]).items()
            if pk in rows
        ]
        return self._reported(request, _("Published"), done)

    def _assigned(self, request: HttpRequest, publication: Publication, due: str) -> Publication:
        by, reviewer = user(request), request.POST.get("reviewer")
        if "take" in request.POST:
            return workflow.assign(publication, by=by, reviewer=by, due=_day(due))
        if reviewer == "":
            return workflow.assign(publication, by=by, reviewer=None)
        person = User.objects.filter(pk=whole(reviewer)).first()
        if person is None:
            raise refusing.Refused(_("Choose who is to review it."))
        return workflow.assign(publication, by=by, reviewer=person, due=_day(due))

    def _reported(self, request: HttpRequest, title: str, outcomes: list[Outcome]) -> HttpResponse:
        done = [outcome for outcome in outcomes if not outcome.reason]
        context = {"title": title, "done": done, "refused": [outcome for outcome in outcomes if outcome.reason]}
        return self.page(request, "admin/articles/desk/report.html", context, conflict=not done)

    def _seen_by(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied


def _outcome(publication: Publication, version: Version | None, do: Callable[[], object]) -> Outcome:
    """One fault never stops the rest."""
    reason = ""
    try:
        do()
    except refusing.Refused as refused:
        reason = refused.reason
    except DatabaseError:
        reason = _("The database did not accept it; nothing of it was written.")
    return Outcome(publication, version, standing.article_url(publication.article_id), reason)


def _published(publication: Publication, *, by: User, version: int) -> Outcome:
    def do() -> None:
        scheduled = publication.scheduled
        if scheduled and scheduled.version_id == publication.approved_id:
            raise refusing.Refused(_("It is scheduled. If it is to go out now, publish it on its own page."))
        workflow.publish(publication, by=by, version=version)

    return _outcome(publication, publication.newest, do)


def _handed_over(publication: Publication, *, by: User, to: User) -> Outcome:
    return _outcome(
        publication,
        publication.in_review,
        lambda: workflow.assign(publication, by=by, reviewer=to, due=publication.review_due),
    )


def _named(publication: Publication) -> str:
    facts = {"language": languages.name(publication.language), "name": ""}
    if publication.reviewer is None:
        return _("Nobody is named to review it (%(language)s).") % facts
    return _("%(name)s is to review it (%(language)s).") % (facts | {"name": name_of(publication.reviewer)})


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise refusing.Refused(_("“%(text)s” is no day of the calendar.") % {"text": text})
    return day


def _pairs(ticked: Iterable[str]) -> Iterable[tuple[str, str, str]]:
    return (text.partition(":") for text in ticked)


def _page(request: HttpRequest, number: int) -> str:
    query = request.GET.copy()
    query["p"] = str(number)
    return f"?{query.urlencode()}"
