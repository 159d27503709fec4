"""What happened to an article, in sentences, by the rows that say so: the ledger, edits, verifications. Reads only."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import CharField, QuerySet, Value
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles import languages
from articles.kinds import SUBSTANCE
from articles.models import Article, Correction, Edit, ReviewStatus, Schedule, Verification, Version
from articles.models.verification import content_hash
from articles.states import ScheduleState, Status

SENTENCES: dict[Status, Promise | str] = {
    Status.SUBMITTED: gettext_lazy("%(name)s submitted version %(number)d of the %(language)s text for review"),
    Status.RECALLED: gettext_lazy("%(name)s recalled version %(number)d of the %(language)s text"),
    Status.CHANGES_REQUESTED: gettext_lazy("%(name)s asked for changes to version %(number)d of the %(language)s text"),
    Status.APPROVED: gettext_lazy("%(name)s approved version %(number)d of the %(language)s text"),
    Status.APPROVAL_WITHDRAWN: gettext_lazy(
        "%(name)s took back the approval of version %(number)d of the %(language)s text"
    ),
    Status.SCHEDULED: gettext_lazy("%(name)s scheduled version %(number)d of the %(language)s text for %(due)s"),
    Status.UNSCHEDULED: gettext_lazy("%(name)s took version %(number)d of the %(language)s text off the schedule"),
    Status.PUBLISHED: gettext_lazy("%(name)s published version %(number)d of the %(language)s text"),
    Status.SUPERSEDED: gettext_lazy(
        "By approving a newer one, %(name)s put version %(number)d of the %(language)s text aside"
    ),
    Status.CORRECTED: gettext_lazy("%(name)s replaced version %(number)d of the %(language)s text by a newer one"),
    Status.REASSESSED: gettext_lazy(
        "%(name)s assessed the confidence in version %(number)d of the %(language)s text again"
    ),
    Status.WITHDRAWN: gettext_lazy("%(name)s withdrew version %(number)d of the %(language)s text from the readers"),
}
OWN = gettext_lazy("%(name)s approved version %(number)d of the %(language)s text, their own work")


@dataclass(frozen=True, slots=True)
class Event:
    """`version` is the one that began here, by its submission; `notes` are what people wrote, and what came of it;
    `change` is one of substance, whose old version can be judged.
    """

    sentence: str
    at: datetime
    notes: tuple[str, ...] = ()
    language: str = ""  # of the notes that readers see
    version: Version | None = None
    change: Correction | None = None


def rows_of(article: Article, language: str = "") -> "QuerySet[Any, dict[str, Any]]":
    """What and which row, the newest first: to be cut into pages, then told. In one language, with what all share."""
    moves = ReviewStatus.objects.filter(version__article=article)
    edits = Edit.objects.filter(article=article)
    checks = Verification.objects.filter(article=article)
    if language:
        moves, edits = moves.filter(version__language=language), edits.filter(language__in=(language, Edit.SHARED))

    def named(rows: "QuerySet[Any]", what: str) -> "QuerySet[Any, dict[str, Any]]":
        return rows.order_by().annotate(what=Value(what, CharField())).values("what", "pk", "at")

    return (
        named(moves, "move")
        .union(named(edits, "edit"), named(checks, "check"), all=True)
        .order_by("-at", "-what", "-pk")
    )


def told(article: Article, rows: Iterable[dict[str, Any]]) -> list[Event]:
    """The sentences of these rows, in their order; the edits of one person in a row are one. Six queries at most."""
    rows = list(rows)
    numbers = {what: [row["pk"] for row in rows if row["what"] == what] for what in ("move", "edit", "check")}
    moves = ReviewStatus.objects.defer("confidence").select_related("correction").in_bulk(numbers["move"])
    edits = Edit.objects.select_related("by").in_bulk(numbers["edit"])
    checks = Verification.objects.select_related("by").in_bulk(numbers["check"])
    versions = {row.pk: row for row in article.versions.defer("body", "summary").order_by("pk")}
    cited = {content_hash(each): each for version in versions.values() for each in version.citations} if checks else {}
    schedules = {(row.version_id, row.due): row for row in Schedule.objects.filter(version__article=article)}
    events: list[Event] = []
    run: list[Edit] = []
    for row in rows:
        if row["what"] == "edit":
            edit = edits[row["pk"]]
            if run and (run[-1].by_id, run[-1].language) != (edit.by_id, edit.language):
                events.append(_edited(run))
                run = []
            run.append(edit)
            continue
        if run:
            events.append(_edited(run))
            run = []
        if row["what"] == "move":
            move = moves[row["pk"]]
            events.append(_moved(move, versions, schedules))
        else:
            events.append(_checked(checks[row["pk"]], cited))
    return [*events, _edited(run)] if run else events


def _moved(row: ReviewStatus, versions: dict[int, Version], schedules: dict[tuple[int, datetime], Schedule]) -> Event:
    version = versions[row.version_id]
    status, due, notes = Status(row.status), "", [row.note]
    if status == Status.SCHEDULED:
        at = datetime.fromisoformat(row.note)
        due, notes = _moment(at), _what_became(schedules.get((row.version_id, at)))
    elif status == Status.CORRECTED:
        notes = []  # said of the one that took its place
    sentence = OWN if status == Status.APPROVED and row.self_review else SENTENCES[status]
    correction = getattr(row, "correction", None)
    if isinstance(correction, Correction):
        correction.from_version = versions[correction.from_version_id]
    if isinstance(correction, Correction) and status == Status.PUBLISHED:
        notes.insert(0, _("Told to readers as: %(kind)s") % {"kind": correction.get_kind_display()})
    return Event(
        str(sentence)
        % {
            "name": row.actor_name,
            "number": version.number,
            "language": languages.name(version.language),
            "due": due,
        },
        row.at,
        tuple(note for note in notes if note),
        version.language,
        version if status == Status.SUBMITTED else None,
        correction if correction and correction.kind in SUBSTANCE else None,
    )


def _what_became(schedule: Schedule | None) -> list[str]:
    if schedule is None or schedule.state in (ScheduleState.DONE, ScheduleState.CANCELLED):
        return []  # a line of its own says so
    if not schedule.last_error:
        return [_("It is waiting.")]
    return [
        ngettext(
            "It did not go out, tried %(count)d time: %(error)s",
            "It did not go out, tried %(count)d times: %(error)s",
            schedule.attempts,
        )
        % {"count": schedule.attempts, "error": schedule.last_error}
    ]


def _edited(run: Sequence[Edit]) -> Event:
    """`run`: one person's edits in a row, the newest first."""
    last = run[0]
    text = (
        _("%(name)s edited the %(language)s text") if last.language else _("%(name)s edited what the languages share")
    )
    named = {"name": _name(last.by), "language": languages.name(last.language) if last.language else ""}
    fields = list(dict.fromkeys(_field(name) for edit in reversed(run) for name in edit.fields))
    note = get_text_list(fields, _("and"))
    if len(run) > 1:
        note += " " + ngettext("(saved %(count)d time)", "(saved %(count)d times)", len(run)) % {"count": len(run)}
    return Event(text % named, last.at, (note,))


def _field(name: str) -> str:
    """A field of an edit as the desk's form calls it; the language is in the sentence already."""
    if name.startswith("citation "):
        return _("citation %(key)s") % {"key": name.removeprefix("citation ")}
    plain = name.removesuffix("_id")
    for code, _name_of in settings.LANGUAGES:
        plain = plain.removesuffix(f"_{code}")
    return str(getattr(Article._meta.get_field(plain), "verbose_name", plain)) if plain in _FIELDS else name


_FIELDS = {field.name for field in Article._meta.get_fields()}


def _checked(row: Verification, cited: dict[str, dict[str, Any]]) -> Event:
    citation = cited.get(row.content)
    title = (citation["title"] or citation["url"]) if citation else ""
    if row.withdrawn:
        text = (
            _("%(name)s took back a verification of “%(title)s”") if title else _("%(name)s took back a verification")
        )
    else:
        text = _("%(name)s verified “%(title)s”") if title else _("%(name)s verified a citation")
    return Event(text % {"name": _name(row.by), "title": title}, row.at, (row.checked,) if row.checked else ())


def _name(user: Any) -> str:
    return user.get_full_name() or user.get_username()


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")
