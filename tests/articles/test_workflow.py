"""Every move, wherever the language stands, by whoever asks: made, or refused with its sentence."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.db import transaction
from django.utils import translation

from articles import refusing, standing, workflow
from articles.models import Article, Publication, ReviewStatus
from articles.states import MOVES, Move, Place, Role
from tests import factories
from tests.articles.stands import CONTRIBUTED, DO, PLACES, STEPS, WHO, A, D, L, People, R, Stand, bring, everybody
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
OWN_WORK = "You contributed to this version, so somebody else has to approve it."
NOT_BY_A_CONTRIBUTOR = {Move.APPROVE}

REVIEWED_ALREADY = "Version {} is in review already. Recall it first."
EQUAL = "These words equal version {}, which is {}."
NONE_IN_REVIEW = "No version of this language is in review."
NONE_APPROVED = "No version of this language is approved and waiting."
PUBLISHED = "This language is published already. A published text is changed by a correction."

# The places after the move, or the sentence that refuses it, where the person is the right one.
SUBMIT: dict[Stand, list[Place] | str] = {
    Stand.DRAFT: [R],
    Stand.IN_REVIEW: REVIEWED_ALREADY.format(1),
    Stand.SENT_BACK: [R],
    Stand.APPROVED: EQUAL.format(1, "approved"),
    Stand.APPROVED_AND_NEWER_IN_REVIEW: REVIEWED_ALREADY.format(2),
    Stand.LIVE: EQUAL.format(1, "live"),
    Stand.LIVE_AND_NEWER_IN_REVIEW: REVIEWED_ALREADY.format(2),
    Stand.LIVE_AND_NEWER_APPROVED: EQUAL.format(2, "approved"),
    Stand.LIVE_AND_ONE_OF_EACH: REVIEWED_ALREADY.format(3),
}
OUT_OF_REVIEW: dict[Stand, list[Place] | str] = {
    Stand.DRAFT: NONE_IN_REVIEW,
    Stand.IN_REVIEW: [D],
    Stand.SENT_BACK: NONE_IN_REVIEW,
    Stand.APPROVED: NONE_IN_REVIEW,
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [A],
    Stand.LIVE: NONE_IN_REVIEW,
    Stand.LIVE_AND_NEWER_IN_REVIEW: [L],
    Stand.LIVE_AND_NEWER_APPROVED: NONE_IN_REVIEW,
    Stand.LIVE_AND_ONE_OF_EACH: [L, A],
}
APPROVE: dict[Stand, list[Place] | str] = {
    **OUT_OF_REVIEW,
    Stand.IN_REVIEW: [A],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [A],
    Stand.LIVE_AND_NEWER_IN_REVIEW: [L, A],
    Stand.LIVE_AND_ONE_OF_EACH: [L, A],
}
TAKE_BACK: dict[Stand, list[Place] | str] = {
    Stand.DRAFT: NONE_APPROVED,
    Stand.IN_REVIEW: NONE_APPROVED,
    Stand.SENT_BACK: NONE_APPROVED,
    Stand.APPROVED: [R],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [R],
    Stand.LIVE: NONE_APPROVED,
    Stand.LIVE_AND_NEWER_IN_REVIEW: NONE_APPROVED,
    Stand.LIVE_AND_NEWER_APPROVED: [L, R],
    Stand.LIVE_AND_ONE_OF_EACH: [L, R],
}
PUBLISH: dict[Stand, list[Place] | str] = {
    **TAKE_BACK,
    Stand.APPROVED: [L],
    Stand.APPROVED_AND_NEWER_IN_REVIEW: [L, R],
    Stand.LIVE_AND_NEWER_APPROVED: PUBLISHED,
    Stand.LIVE_AND_ONE_OF_EACH: PUBLISHED,
}
TABLE: dict[Move, dict[Stand, list[Place] | str]] = {
    Move.SUBMIT: SUBMIT,
    Move.RECALL: OUT_OF_REVIEW,
    Move.REQUEST_CHANGES: OUT_OF_REVIEW,
    Move.APPROVE: APPROVE,
    Move.TAKE_BACK: TAKE_BACK,
    Move.PUBLISH: PUBLISH,
}


def expected(move: Move, stand: Stand) -> dict[str, list[Place] | str]:
    """What each person gets: "not you" before "not now"."""
    role = MOVES[move].role
    told = {who: TABLE[move][stand] if who in MAY[role] else ONLY[role] for who in WHO}
    if move in NOT_BY_A_CONTRIBUTOR and Place.IN_REVIEW in PLACES[stand]:
        told |= dict.fromkeys(CONTRIBUTED, OWN_WORK)
    return told


@pytest.fixture
def people(db: None) -> People:
    return everybody()


@pytest.fixture
def article(people: People) -> Article:
    return factories.article(people["contributor with all groups"])


class Undo(Exception):
    """Carries the places after a move that is to be undone."""

    def __init__(self, places: list[Place]) -> None:
        super().__init__()
        self.places = places


def outcome(move: Move, publication: Publication, by: User) -> list[Place] | str:
    """The places after the move, or its refusal; then everything is undone."""
    by = User.objects.get(pk=by.pk)
    before, rows, told = everything(), ReviewStatus.objects.count(), refusing.refusal(publication, move, by)

    def moved() -> None:
        DO[move](publication, by)
        assert ledger("status", "actor", "actor_name")[rows:] == [(MOVES[move].status, by.pk, by.get_full_name())]
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
@pytest.mark.parametrize("move", MOVES, ids=str)
def test_a_move_is_made_or_refused_as_the_table_says(
    move: Move, stand: Stand, people: People, article: Article
) -> None:
    publication = bring(article, "en", stand, people)
    assert {who: outcome(move, publication, by) for who, by in people.items()} == expected(move, stand)


@pytest.mark.parametrize("other", Stand, ids=str)
def test_where_the_other_language_stands_opens_and_closes_nothing(
    other: Stand, people: People, article: Article
) -> None:
    who = "superuser who did not"
    bring(article, "vi", other, people)
    for stand in (Stand.DRAFT, Stand.APPROVED_AND_NEWER_IN_REVIEW):
        publication = bring(article, "en", stand, people)
        assert refusing.publication_of(article, "vi").places == PLACES[other]
        told = {move: outcome(move, publication, people[who]) for move in MOVES}
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


MADE = [(move, stand) for move in MOVES for stand in Stand if isinstance(TABLE[move][stand], list)]


@pytest.mark.parametrize(("move", "stand"), MADE, ids=str)
def test_every_move_in_either_language_raises_the_stamp_of_both(
    move: Move, stand: Stand, people: People, article: Article
) -> None:
    bring(article, "vi", Stand.IN_REVIEW, people)
    publication = bring(article, "en", stand, people)

    def stamps() -> dict[str, int]:
        return dict(Publication.objects.values_list("language", "stamp"))

    before = {"en": 0} | stamps()
    actor = people["superuser who did not"]
    DO[move](publication, actor)
    assert stamps() == {language: stamp + 1 for language, stamp in before.items()}


def test_a_move_leaves_the_stamps_of_other_articles(people: People, article: Article) -> None:
    other = bring(factories.article(people["editor"], "Beta"), "en", Stand.IN_REVIEW, people)
    bring(article, "en", Stand.LIVE, people)
    assert now(other).stamp == other.stamp == 1


@pytest.mark.parametrize("move", [move for move in MOVES if move != Move.SUBMIT], ids=str)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_language_that_was_never_submitted_has_nothing_to_move(
    move: Move, language: str, people: People, article: Article
) -> None:
    bring(article, "vi" if language == "en" else "en", Stand.APPROVED_AND_NEWER_IN_REVIEW, people)
    publication = refusing.publication_of(article, language)
    assert outcome(move, publication, people["superuser who did not"]) == TABLE[move][Stand.DRAFT]


def test_permission_is_what_counts_and_not_the_name_of_a_group(people: People, article: Article) -> None:
    desk = Group.objects.create(name="Night desk")
    desk.permissions.set(Permission.objects.filter(codename=Role.REVIEWER.value))
    Group.objects.get(name="Reviewers").permissions.clear()
    people["nobody"].groups.add(desk)
    publication = bring(article, "en", Stand.IN_REVIEW, people)
    assert outcome(Move.APPROVE, publication, people["nobody"]) == [A]
    assert outcome(Move.APPROVE, publication, people["reviewer"]) == ONLY[Role.REVIEWER]
