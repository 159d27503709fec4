"""The table of moves: closed, one status a move, and the same as the functions that make them."""

import ast
import inspect
from pathlib import Path

import pytest
from django.db import models

from articles import roles, workflow
from articles.kinds import CorrectionKind
from articles.models import Correction, Publication, ReviewStatus, Schedule
from articles.states import MOVES, LiveState, Move, Place, Role, Rule, ScheduleState, Status

D, R, A, S, L, W = Place.DRAFT, Place.IN_REVIEW, Place.APPROVED, Place.SCHEDULED, Place.LIVE, Place.WITHDRAWN
EDITOR, REVIEWER, PUBLISHER = Role.EDITOR, Role.REVIEWER, Role.PUBLISHER

# From the design's table, by hand: from, to, what the ledger records, who, whether a note is required.
DESIGN: dict[Move, tuple[Place, Place, Status, Role, bool]] = {
    Move.SUBMIT: (D, R, Status.SUBMITTED, EDITOR, False),
    Move.RECALL: (R, D, Status.RECALLED, EDITOR, False),
    Move.REQUEST_CHANGES: (R, D, Status.CHANGES_REQUESTED, REVIEWER, True),
    Move.APPROVE: (R, A, Status.APPROVED, REVIEWER, False),
    Move.TAKE_BACK: (A, R, Status.APPROVAL_WITHDRAWN, REVIEWER, True),
    Move.PUBLISH: (A, L, Status.PUBLISHED, PUBLISHER, False),
    Move.CORRECT: (A, L, Status.CORRECTED, PUBLISHER, True),
    Move.SCHEDULE: (A, S, Status.SCHEDULED, PUBLISHER, False),
    Move.UNSCHEDULE: (S, A, Status.UNSCHEDULED, PUBLISHER, False),
    Move.REASSESS: (L, L, Status.REASSESSED, REVIEWER, True),
    Move.WITHDRAW: (L, W, Status.WITHDRAWN, PUBLISHER, True),
}
BY_THE_WAY = {Status.SUPERSEDED}  # what becomes of a version by the move of a newer one
BESIDE = {"release", "approve_and_publish"}  # what makes moves: the scheduler's turn, and two in one step
each_move = pytest.mark.parametrize("move", Move, ids=str)


def row(rule: Rule) -> tuple[Place, Place, Status, Role, bool]:
    return rule.start, rule.end, rule.status, rule.role, rule.note_required


def parameters(move: Move) -> dict[str, inspect.Parameter]:
    return dict(inspect.signature(getattr(workflow, move.value)).parameters)


def callers(name: str) -> set[str]:
    """The public functions of the workflow that call `name`, themselves or through those that are not public."""
    found = direct_callers(name)
    return {caller for caller in found if not caller.startswith("_")}.union(
        *(callers(caller) for caller in found - {name})
    )


def direct_callers(name: str) -> set[str]:
    tree = ast.parse(Path(workflow.__file__).read_text("utf-8"))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    return {
        function.name
        for function in functions
        for node in ast.walk(function)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name
    }


def test_the_table_is_the_designs() -> None:
    assert {move: row(rule) for move, rule in MOVES.items()} == DESIGN


def test_every_move_has_a_rule() -> None:
    assert set(MOVES) == set(Move)


def test_each_status_is_what_one_move_records_or_comes_by_the_way_of_another() -> None:
    recorded = [rule.status for rule in MOVES.values()]
    assert len(recorded) == len(set(recorded))
    assert set(Status) - set(recorded) == BY_THE_WAY


def test_every_place_can_be_reached_from_the_draft() -> None:
    reached = {Place.DRAFT}
    for _round in Place:
        reached |= {rule.end for rule in MOVES.values() if rule.start in reached}
    assert reached == set(Place)


def test_nothing_is_approved_scheduled_or_live_but_by_the_moves_that_lead_there() -> None:
    leading = {place: {move: rule.start for move, rule in MOVES.items() if rule.end == place} for place in Place}
    assert leading[A] == {Move.APPROVE: R, Move.UNSCHEDULE: S}
    assert leading[S] == {Move.SCHEDULE: A}
    assert leading[L] == {Move.PUBLISH: A, Move.CORRECT: A, Move.REASSESS: L}
    assert leading[W] == {Move.WITHDRAW: L}


def test_nothing_leads_away_from_what_was_withdrawn_but_a_new_version() -> None:
    assert [move for move, rule in MOVES.items() if rule.start == W] == []


@each_move
def test_a_move_is_the_function_of_its_name_and_names_its_actor(move: Move) -> None:
    by = parameters(move)["by"]
    assert (by.kind, by.default) == (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.empty)


@each_move
def test_a_note_cannot_be_left_out_where_the_table_requires_it(move: Move) -> None:
    note = parameters(move).get("note")
    assert (note is not None and note.default is inspect.Parameter.empty) == MOVES[move].note_required


@each_move
def test_a_move_on_a_version_names_it(move: Move) -> None:
    named = {name for name in parameters(move) if name in {"version", "seen"}}
    by_the_screen = {Move.APPROVE, Move.REASSESS}
    assert named == ({"seen"} if move in by_the_screen else set() if move == Move.SUBMIT else {"version"})


def test_only_the_moves_write_the_ledger() -> None:
    assert callers("_record") == {move.value for move in Move} | BESIDE


@pytest.mark.parametrize(
    ("model", "field", "closed"),
    [
        (ReviewStatus, "status", Status),
        (Publication, "state", LiveState),
        (Schedule, "state", ScheduleState),
        (Correction, "kind", CorrectionKind),
    ],
    ids=["status", "state", "schedule", "correction"],
)
def test_the_database_knows_the_same_closed_set(
    model: type[models.Model], field: str, closed: type[models.TextChoices]
) -> None:
    conditions = [c.condition for c in model._meta.constraints if isinstance(c, models.CheckConstraint)]
    assert models.Q(**{f"{field}__in": closed.values}) in conditions


def test_each_role_is_the_permission_of_exactly_the_group_of_its_name() -> None:
    holders = {
        role.value: [name for name, wanted in roles.GROUPS.items() if f"articles.{role.value}" in wanted]
        for role in Role
    }
    assert holders == {
        "submit_version": ["Editors"],
        "review_version": ["Reviewers"],
        "publish_version": ["Publishers"],
    }
    assert {name for [name] in holders.values()} == {role.name.title() + "s" for role in Role}
