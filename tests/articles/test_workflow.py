"""Every move, wherever the language stands, by whoever asks: made, or refused with its sentence."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.utils import translation

from articles import refusing, standing, workflow
from articles.models import Article, Publication, ReviewStatus
from articles.states import MOVES, Move, Place, Role, Status
from tests import factories
from tests.articles.stands import (
    CONTRIBUTED,
    DO,
    PLACES,
    STEPS,
    WHO,
    A,
    D,
    L,
    People,
    R,
    S,
    Stand,
    W,
    bring,
    everybody,
)  # fmt: skip
from tests.articles.steps import everything, ledger, now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


# --- the table ---------------------------------------------------------------------------------------

ANY_TIME = {"contributor with all groups", "superuser who contributed", "superuser who did not"}
MAY: dict[Role, set[str]] = {
    Role.EDITOR: {"editor", *ANY_TIME},
    Role.REVIEWER: {"reviewer", *ANY_TIME},
    Role.PUBLISHER: {"publisher", *ANY_TIME},
}
ONLY = {
    Role.EDITOR: "Only Editors may do this.",
    Role.REVIEWER: "Only Reviewers may do this.",
    Role.PUBLISHER: "Only Publishers may do this.",
}
NOT_BY_A_CONTRIBUTOR = {
    Move.APPROVE: (R, "You contributed to this version, so somebody else has to approve it."),
    Move.REASSESS: (L, "You contributed to this version, so somebody else has to reassess it."),
}

REVIEWED_ALREADY = "Version {} is in review already. Recall it first."
EQUAL = "These words equal version {}, which is {}."
NONE_IN_REVIEW = "No version of this language is in review."
NONE_APPROVED = "No version of this language is approved and waiting."
NONE_SCHEDULED = "No version of this language is scheduled."
NONE_LIVE = "Nothing of this language is live."
PUBLISHED = "This language is published already. A published text is changed by a correction."
NEVER_PUBLISHED = "This language was never published: there is nothing to correct. Publish it."
BEFORE_THE_WITHDRAWAL = "Version 2 was approved before the withdrawal. Take the approval back and review it again."
SCHEDULED_ALREADY = "Version {} is scheduled already. Take it off the schedule first."
NOTHING_CHANGED = (
    "Nothing has changed since: the sources' records and the verifications are those of the last assessment."
)

# The places after the move, or the sentence that refuses it, where the person is the right one.
Outcomes = dict[Stand, list[Place] | str]
SUBMIT: Outcomes = {
    Stand.DRAFT: [R],
    Stand.IN_REVIEW: REVIEWED_ALREADY.format(1),
    Stand.SENT_BACK: [R],
    Stand.APPROVED: EQUAL.format(1, "approved"),
    Stand.APPROVED_AND_NEWER_IN_REVIEW: REVIEWED_ALREADY.format(2),
    Stand.LIVE: EQUAL.format(1, "live"),
    Stand.LIVE_AND_NEWER_IN_REVIEW: REVIEWED_ALREADY.format(2),
    Stand.LIVE_AND_NEWER_APPROVED: EQUAL.format(2, "approved"),
    Stand.LIVE_AND_ONE_OF_EACH: REVIEWED_ALREADY.format(3),
    Stand.LIVE_AND_REASSESSABLE: EQUAL.format(1, "live"),
    Stand.CORRECTED: EQUAL.format(2, "live"),
    Stand.SCHEDULED: EQUAL.format(1, "approved"),
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: REVIEWED_ALREADY.format(2),
    Stand.SCHEDULED_AND_NEWER_APPROVED: EQUAL.format(2, "approved"),
    Stand.SCHEDULED_AND_NEWER_TAKEN_BACK: REVIEWED_ALREADY.format(2),
    Stand.LIVE_AND_NEWER_SCHEDULED: EQUAL.format(2, "approved"),
    Stand.WITHDRAWN: [W, R],
    Stand.WITHDRAWN_AND_NEWER_IN_REVIEW: REVIEWED_ALREADY.format(2),
    Stand.WITHDRAWN_AND_NEWER_APPROVED_BEFORE: EQUAL.format(2, "approved"),
    Stand.WITHDRAWN_AND_NEWER_APPROVED_SINCE: EQUAL.format(2, "approved"),
    Stand.WITHDRAWN_AND_NEWER_SCHEDULED: EQUAL.format(2, "approved"),
}
OUT_OF_REVIEW: Outcomes = dict.fromkeys(Stand, NONE_IN_REVIEW) | {
    Stand.IN_REVIEW: [D],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [A],
    Stand.LIVE_AND_NEWER_IN_REVIEW: [L],
    Stand.LIVE_AND_ONE_OF_EACH: [L, A],
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: [S, A],
    Stand.SCHEDULED_AND_NEWER_TAKEN_BACK: [S],
    Stand.WITHDRAWN_AND_NEWER_IN_REVIEW: [W],
}
APPROVE: Outcomes = OUT_OF_REVIEW | {
    Stand.IN_REVIEW: [A],
    Stand.LIVE_AND_NEWER_IN_REVIEW: [L, A],
    Stand.SCHEDULED_AND_NEWER_TAKEN_BACK: [S, A],
    Stand.WITHDRAWN_AND_NEWER_IN_REVIEW: [W, A],
}
TAKE_BACK: Outcomes = dict.fromkeys(Stand, NONE_APPROVED) | {
    Stand.APPROVED: [R],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [R],
    Stand.LIVE_AND_NEWER_APPROVED: [L, R],
    Stand.LIVE_AND_ONE_OF_EACH: [L, R],
    Stand.SCHEDULED: [R],
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: [R],
    Stand.SCHEDULED_AND_NEWER_APPROVED: [S, R],
    Stand.LIVE_AND_NEWER_SCHEDULED: [L, R],
    Stand.WITHDRAWN_AND_NEWER_APPROVED_BEFORE: [W, R],
    Stand.WITHDRAWN_AND_NEWER_APPROVED_SINCE: [W, R],
    Stand.WITHDRAWN_AND_NEWER_SCHEDULED: [W, R],
}
PUBLISH: Outcomes = dict.fromkeys(Stand, NONE_APPROVED) | {
    Stand.APPROVED: [L],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [L, R],
    Stand.LIVE_AND_NEWER_APPROVED: PUBLISHED,
    Stand.LIVE_AND_ONE_OF_EACH: PUBLISHED,
    Stand.SCHEDULED: [L],
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: [L, R],
    Stand.SCHEDULED_AND_NEWER_APPROVED: [L],
    Stand.LIVE_AND_NEWER_SCHEDULED: PUBLISHED,
    Stand.WITHDRAWN_AND_NEWER_APPROVED_BEFORE: PUBLISHED,
    Stand.WITHDRAWN_AND_NEWER_APPROVED_SINCE: PUBLISHED,
    Stand.WITHDRAWN_AND_NEWER_SCHEDULED: PUBLISHED,
}
CORRECT: Outcomes = dict.fromkeys(Stand, NONE_APPROVED) | {
    Stand.APPROVED: NEVER_PUBLISHED,
    Stand.APPROVED_AND_NEWER_IN_REVIEW: NEVER_PUBLISHED,
    Stand.LIVE_AND_NEWER_APPROVED: [L],
    Stand.LIVE_AND_ONE_OF_EACH: [L, R],
    Stand.SCHEDULED: NEVER_PUBLISHED,
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: NEVER_PUBLISHED,
    Stand.SCHEDULED_AND_NEWER_APPROVED: NEVER_PUBLISHED,
    Stand.LIVE_AND_NEWER_SCHEDULED: [L],
    Stand.WITHDRAWN_AND_NEWER_APPROVED_BEFORE: BEFORE_THE_WITHDRAWAL,
    Stand.WITHDRAWN_AND_NEWER_APPROVED_SINCE: [L],
    Stand.WITHDRAWN_AND_NEWER_SCHEDULED: [L],
}
SCHEDULE: Outcomes = dict.fromkeys(Stand, NONE_APPROVED) | {
    Stand.APPROVED: [S, A],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [S, A, R],
    Stand.LIVE_AND_NEWER_APPROVED: [L, S, A],
    Stand.LIVE_AND_ONE_OF_EACH: [L, S, A, R],
    Stand.SCHEDULED: SCHEDULED_ALREADY.format(1),
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: SCHEDULED_ALREADY.format(1),
    Stand.SCHEDULED_AND_NEWER_APPROVED: SCHEDULED_ALREADY.format(1),
    Stand.LIVE_AND_NEWER_SCHEDULED: SCHEDULED_ALREADY.format(2),
    Stand.WITHDRAWN_AND_NEWER_APPROVED_BEFORE: BEFORE_THE_WITHDRAWAL,
    Stand.WITHDRAWN_AND_NEWER_APPROVED_SINCE: [W, S, A],
    Stand.WITHDRAWN_AND_NEWER_SCHEDULED: SCHEDULED_ALREADY.format(2),
}
UNSCHEDULE: Outcomes = dict.fromkeys(Stand, NONE_SCHEDULED) | {
    Stand.SCHEDULED: [A],
    Stand.SCHEDULED_AND_NEWER_IN_REVIEW: [A, R],
    Stand.SCHEDULED_AND_NEWER_APPROVED: [A],
    Stand.SCHEDULED_AND_NEWER_TAKEN_BACK: [A, R],
    Stand.LIVE_AND_NEWER_SCHEDULED: [L, A],
    Stand.WITHDRAWN_AND_NEWER_SCHEDULED: [W, A],
}
REASSESS: Outcomes = {stand: NOTHING_CHANGED if L in PLACES[stand] else NONE_LIVE for stand in Stand} | {
    Stand.LIVE_AND_REASSESSABLE: [L],
}
WITHDRAW: Outcomes = dict.fromkeys(Stand, NONE_LIVE) | {
    Stand.LIVE: [W],
    Stand.LIVE_AND_NEWER_IN_REVIEW: [W, R],
    Stand.LIVE_AND_NEWER_APPROVED: [W, A],
    Stand.LIVE_AND_ONE_OF_EACH: [W, A, R],
    Stand.LIVE_AND_REASSESSABLE: [W],
    Stand.CORRECTED: [W],
    Stand.LIVE_AND_NEWER_SCHEDULED: [W, A],
}
TABLE: dict[Move, Outcomes] = {
    Move.SUBMIT: SUBMIT,
    Move.RECALL: OUT_OF_REVIEW,
    Move.REQUEST_CHANGES: OUT_OF_REVIEW,
    Move.APPROVE: APPROVE,
    Move.TAKE_BACK: TAKE_BACK,
    Move.PUBLISH: PUBLISH,
    Move.CORRECT: CORRECT,
    Move.SCHEDULE: SCHEDULE,
    Move.UNSCHEDULE: UNSCHEDULE,
    Move.REASSESS: REASSESS,
    Move.WITHDRAW: WITHDRAW,
}

# What the ledger records, number and status, where it is more than the move's own status of its own version.
SUPERSEDES = [(1, Status.SUPERSEDED), (2, Status.APPROVED)]
ALSO_RECORDED: dict[tuple[Move, Stand], list[tuple[int, Status]]] = {
    (Move.APPROVE, Stand.APPROVED_AND_NEWER_IN_REVIEW): SUPERSEDES,
    (Move.APPROVE, Stand.LIVE_AND_ONE_OF_EACH): [(2, Status.SUPERSEDED), (3, Status.APPROVED)],
    (Move.TAKE_BACK, Stand.SCHEDULED): [(1, Status.UNSCHEDULED), (1, Status.APPROVAL_WITHDRAWN)],
    (Move.TAKE_BACK, Stand.SCHEDULED_AND_NEWER_IN_REVIEW): [(1, Status.UNSCHEDULED), (1, Status.APPROVAL_WITHDRAWN)],
    (Move.TAKE_BACK, Stand.LIVE_AND_NEWER_SCHEDULED): [(2, Status.UNSCHEDULED), (2, Status.APPROVAL_WITHDRAWN)],
    (Move.TAKE_BACK, Stand.WITHDRAWN_AND_NEWER_SCHEDULED): [(2, Status.UNSCHEDULED), (2, Status.APPROVAL_WITHDRAWN)],
    (Move.PUBLISH, Stand.SCHEDULED_AND_NEWER_APPROVED): [(2, Status.PUBLISHED), (1, Status.UNSCHEDULED)],
    **{
        (Move.CORRECT, stand): [(1, Status.CORRECTED), (2, Status.PUBLISHED)]
        for stand, told in CORRECT.items()
        if isinstance(told, list)
    },
    (Move.UNSCHEDULE, Stand.SCHEDULED_AND_NEWER_APPROVED): [(1, Status.UNSCHEDULED), (1, Status.SUPERSEDED)],
    (Move.WITHDRAW, Stand.LIVE_AND_NEWER_SCHEDULED): [(2, Status.UNSCHEDULED), (1, Status.WITHDRAWN)],
}


def expected(move: Move, stand: Stand) -> dict[str, list[Place] | str]:
    """What each person gets: "not you" before "not now"."""
    role = MOVES[move].role
    told = {who: TABLE[move][stand] if who in MAY[role] else ONLY[role] for who in WHO}
    place, own_work = NOT_BY_A_CONTRIBUTOR.get(move, (None, ""))
    if place in PLACES[stand]:
        told |= dict.fromkeys(CONTRIBUTED, own_work)
    return told


@pytest.fixture
def people(db: None) -> People:
    return everybody()


@pytest.fixture
def article(people: People) -> Article:
    by = people["contributor with all groups"]
    row = factories.article(by)
    factories.cite(row, by)
    return row


class Undo(Exception):
    """Carries the places after a move that is to be undone."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__()
        self.places = places


def recorded(move: Move, stand: Stand, publication: Publication) -> list[tuple[int, Status]]:
    """What the ledger should say of the move, in order."""
    about = refusing.subject_of(publication, move)
    number = about.number if about else publication.article.versions.filter(language=publication.language).count() + 1
    return ALSO_RECORDED.get((move, stand), [(number, MOVES[move].status)])


def outcome(move: Move, stand: Stand, publication: Publication, by: User) -> list[Place] | str:
    """The places after the move, or its refusal; then everything is undone."""
    by = User.objects.get(pk=by.pk)
    before, rows, told = everything(), ReviewStatus.objects.count(), refusing.refusal(publication, move, by)
    wanted = [(number, status, by.pk, by.get_full_name()) for number, status in recorded(move, stand, publication)]

    def moved() -> None:
        DO[move](publication, by)
        assert ledger("version__number", "status", "actor", "actor_name")[rows:] == wanted
        raise Undo(now(publication).places)

    with pytest.raises((workflow.Refused, Undo)) as caught, transaction.atomic():
        moved()
    assert everything() == before
    if isinstance(caught.value, Undo):
        assert told is None
        return caught.value.places
    assert told == caught.value.reason
    return caught.value.reason


# --- the tests ---------------------------------------------------------------------------------------


def test_the_table_is_declared_whole() -> None:
    assert set(TABLE) == set(DO) == set(MOVES)
    assert {move: set(row) for move, row in TABLE.items()} == {move: set(Stand) for move in MOVES}
    assert set(PLACES) == set(STEPS) == set(Stand)
    assert set(MAY) == set(ONLY) == {rule.role for rule in MOVES.values()}


@pytest.mark.parametrize("stand", Stand, ids=str)
def test_each_move_is_made_or_refused_as_the_table_says(stand: Stand, people: People, article: Article) -> None:
    publication = bring(article, "en", stand, people)
    found = {move: {who: outcome(move, stand, publication, by) for who, by in people.items()} for move in MOVES}
    assert found == {move: expected(move, stand) for move in MOVES}


@pytest.mark.parametrize("other", Stand, ids=str)
def test_where_the_other_language_stands_opens_and_closes_nothing(
    other: Stand, people: People, article: Article
) -> None:
    who = "superuser who did not"
    bring(article, "vi", other, people)
    for stand in (Stand.DRAFT, Stand.APPROVED_AND_NEWER_IN_REVIEW):
        publication = bring(article, "en", stand, people)
        assert refusing.publication_of(article, "vi").places == PLACES[other]
        told = {move: outcome(move, stand, publication, people[who]) for move in MOVES}
        assert told == {move: expected(move, stand)[who] for move in MOVES}


@pytest.mark.parametrize("stand", Stand, ids=str)
def test_the_desk_offers_what_starts_where_the_language_stands_and_refuses_in_the_same_words(
    stand: Stand, people: People, article: Article
) -> None:
    publication = bring(article, "en", stand, people)
    here = set(PLACES[stand]) | (set() if publication.in_review else {D})
    for who in ("contributor with all groups", "superuser who did not", "reviewer", "nobody"):
        [language] = [row for row in standing.of(article, by=people[who]) if row.language == "en"]
        wanted = {move: expected(move, stand)[who] for move, rule in MOVES.items() if rule.start in here}
        assert {offer.move: offer.reason for offer in language.offers} == {
            move: told if isinstance(told, str) else None for move, told in wanted.items()
        }


@pytest.mark.parametrize("stand", Stand, ids=str)
def test_every_move_in_either_language_raises_the_stamp_of_both(stand: Stand, people: People, article: Article) -> None:
    bring(article, "vi", Stand.IN_REVIEW, people)
    publication = bring(article, "en", stand, people)

    def stamps() -> dict[str, int]:
        return dict(Publication.objects.values_list("language", "stamp"))

    before = {"en": 0} | stamps()
    for move in MOVES:
        if isinstance(TABLE[move][stand], list):
            with transaction.atomic():
                DO[move](now(publication), people["superuser who did not"])
                after = stamps()
                transaction.set_rollback(True)
            assert after.keys() == before.keys()
            assert all(after[language] > stamp for language, stamp in before.items()), move


def test_a_move_leaves_the_stamps_of_other_articles(people: People, article: Article) -> None:
    other = now(bring(factories.article(people["editor"], "Beta"), "en", Stand.IN_REVIEW, people))
    bring(article, "en", Stand.LIVE, people)
    assert now(other).stamp == other.stamp > 0


def test_a_stamp_is_raised_by_no_step_that_could_be_told_before(people: People, article: Article) -> None:
    """A database that was restored and then moved otherwise has no stamp under which a cache knows other words."""
    publication, stamps = bring(article, "en", Stand.IN_REVIEW, people), set()
    for _time in range(9):
        with transaction.atomic():
            workflow.recall(publication, by=people["superuser who did not"], version=1)
            stamps.add(now(publication).stamp)
            transaction.set_rollback(True)
    assert len(stamps) == 9


@pytest.mark.parametrize("move", [move for move in MOVES if move != Move.SUBMIT], ids=str)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_language_that_was_never_submitted_has_nothing_to_move(
    move: Move, language: str, people: People, article: Article
) -> None:
    bring(article, "vi" if language == "en" else "en", Stand.APPROVED_AND_NEWER_IN_REVIEW, people)
    publication = refusing.publication_of(article, language)
    assert outcome(move, Stand.DRAFT, publication, people["superuser who did not"]) == TABLE[move][Stand.DRAFT]


def test_permission_is_what_counts_and_not_the_name_of_a_group(people: People, article: Article) -> None:
    desk = Group.objects.create(name="Night desk")
    desk.permissions.set(Permission.objects.filter(codename=Role.REVIEWER.value))
    Group.objects.get(name="Reviewers").permissions.clear()
    people["nobody"].groups.add(desk)
    publication = bring(article, "en", Stand.IN_REVIEW, people)
    assert outcome(Move.APPROVE, Stand.IN_REVIEW, publication, people["nobody"]) == [A]
    assert outcome(Move.APPROVE, Stand.IN_REVIEW, publication, people["reviewer"]) == ONLY[Role.REVIEWER]
