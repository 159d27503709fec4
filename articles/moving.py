"""What a person says with a move. What is missing or wrong is the move's own refusal; here only what cannot be read."""

from typing import Any

from django import forms
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import gettext_lazy as _

from articles import cleaning, workflow
from articles.kinds import CORRECTIONS
from articles.models import Publication
from articles.states import MOVES, LiveState, Move

PUBLIC = {Move.CORRECT, Move.SCHEDULE, Move.WITHDRAW}  # whose note readers see
FIELDS: dict[Move, tuple[str, ...]] = {
    Move.RECALL: ("note",),
    Move.REQUEST_CHANGES: ("note",),
    Move.TAKE_BACK: ("note",),
    Move.PUBLISH: (),
    Move.CORRECT: ("kind", "note"),
    Move.SCHEDULE: ("due", "kind", "note"),
    Move.UNSCHEDULE: ("note",),
    Move.WITHDRAW: ("note",),
}


class Words(forms.CharField):
    """Text as it will be kept: what is not to be seen goes before anything is asked of it."""

    def to_python(self, value: Any) -> str:
        return cleaning.plain(value or "")


class MoveForm(forms.Form):
    """The fields that `move` asks for; a first publication on a day is no correction and asks for the day alone."""

    due = forms.DateTimeField(
        label=_("Goes out"),
        widget=forms.DateTimeInput({"type": "datetime-local", "class": "desk-input"}, "%Y-%m-%dT%H:%M"),
    )
    kind = forms.CharField(
        label=_("Kind of change"),
        required=False,
        widget=forms.Select({"class": "desk-input"}, [("", _("Choose")), *CORRECTIONS]),
    )
    note = Words(label=_("Note"), required=False, widget=forms.Textarea({"class": "desk-input", "rows": 3}))

    def __init__(self, move: Move, publication: Publication, data: Any = None) -> None:
        super().__init__(data)
        self.move, self.publication = move, publication
        asked: tuple[str, ...] = FIELDS[move]
        if move == Move.SCHEDULE and publication.state == LiveState.NEVER:
            asked = ("due",)
        self.fields = {name: field for name, field in self.fields.items() if name in asked}
        if note := self.fields.get("note"):
            note.label = _("Public note") if move in PUBLIC else note.label
            note.widget.attrs["required"] = MOVES[move].note_required or move == Move.SCHEDULE
            note.help_text = _("Readers see it: what was wrong, and what is right.") if move in PUBLIC else ""
        if move == Move.WITHDRAW:
            self.fields["note"].help_text = _("Readers see it in place of the article: why it was withdrawn.")
        if kind := self.fields.get("kind"):
            kind.widget.attrs["required"] = True
        if due := self.fields.get("due"):
            due.help_text = _("On the desk's clock: %(zone)s.") % {"zone": get_current_timezone_name()}

    def make(self, *, by: Any, version: int) -> None:
        """Make the move of the version numbered `version`. Raises Refused."""
        getattr(workflow, self.move.value)(self.publication, by=by, version=version, **self.cleaned_data)
