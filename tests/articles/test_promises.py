"""The desk let loose: any move by anybody at any time, against a model; after every step the promises must hold.

1 readers see approved words alone, byte for byte; 2 nobody approves what they wrote; 3 no word of a draft is on any
page; 4 whatever was published stays recorded, withdrawn words are nowhere; 5 the record is whole.
"""

import re
from collections.abc import Iterator
from datetime import timedelta
from random import Random

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone, translation
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from articles import due, refusing, workflow
from articles.models import Article, Publication, ReviewStatus, Schedule, Version
from articles.models.review import ASSESSED
from articles.states import MOVES, Move, Status
from sources.models import Source, SourceOutcome
from tests import factories
from tests.articles import model
from tests.articles.racing import broken
from tests.articles.stands import DO
from tests.articles.steps import edit, everything, ledger

pytestmark = pytest.mark.django_db

MARK = re.compile(r"Words (\d) of (vi|en)")
LANGUAGES = ("vi", "en")
# The rest weigh 1.
FORWARD = {
    Move.SUBMIT: 6,
    Move.APPROVE: 9,
    Move.PUBLISH: 6,
    Move.CORRECT: 6,
    Move.SCHEDULE: 4,
    Move.UNSCHEDULE: 2,
}  # the others: 1


# Where a run begins, in English: the corners that a walk hardly comes to. None is an edit.
_TWICE = [Move.SUBMIT, Move.APPROVE, None, Move.SUBMIT, Move.APPROVE]
_LIVE = [Move.SUBMIT, Move.APPROVE, Move.PUBLISH, None, Move.SUBMIT, Move.APPROVE]
_OVERTAKEN = [Move.SUBMIT, Move.APPROVE, Move.SCHEDULE, None, Move.SUBMIT, Move.APPROVE]
STARTS: list[list[Move | None]] = [
    [],
    _TWICE,
    [*_LIVE, Move.WITHDRAW],
    [*_LIVE, Move.SCHEDULE],
    _OVERTAKEN,
    [*_OVERTAKEN, Move.TAKE_BACK, Move.RECALL],
    [*_OVERTAKEN, Move.TAKE_BACK, Move.UNSCHEDULE],
]


def words(number: int, language: str) -> dict[str, str]:
    text = f"Words {number} of {language}"
    return {f"headline_{language}": text, f"summary_{language}": f"{text}.", f"body_{language}": f"<p>{text}.</p>"}


class Desk(RuleBasedStateMachine):
    """One article in two languages, five people and a superuser; the rows are gone at the end."""

    @initialize(start=st.sampled_from(STARTS))
    def opens(self, start: list[Move | None]) -> None:
        self.undone = transaction.atomic()
        self.undone.__enter__()
        desk = factories.desk()
        self.people = vars(desk) | {
            "root": factories.user("root", is_superuser=True),
            "both": factories.user("both", "Reviewers", "Publishers"),
        }
        self.article = factories.article(desk.an, **words(0, "vi"), **words(0, "en"), slug_vi="chu", slug_en="words")
        factories.cite(self.article, desk.an)
        self.model, self.said = model.Model(), list[tuple[str, int, str, str]]()
        self.frozen, self.schedulers = dict[int, object](), dict[str, str]()
        self.touched: tuple[str, ...] = LANGUAGES
        self.steps = 0
        for number, move in enumerate(start, 1):
            if move is None:
                self.writes("en", "an", number)
            else:
                self.makes(move, "en", next(who for who in sorted(self.people) if self.model.may(move, "en", who)))

    def teardown(self) -> None:
        if hasattr(self, "undone"):
            whole = broken() == []
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)
            assert whole

    def row(self, language: str) -> Publication:
        return refusing.publication_of(Article.objects.get(pk=self.article.pk), language)

    @rule(language=st.sampled_from(["en", "en", "en", "vi"]), seed=st.integers(0, 2**32))
    def happens(self, language: str, seed: int) -> None:
        """One rule, which chooses by itself: of several, each run would leave some out, and get nowhere."""
        self.steps += 1
        chance = Random(f"{seed} {self.steps}")  # noqa: S311  # the same few numbers are drawn again and again
        what = chance.choices(
            [self.is_moved, self.edits, self.a_source_falls, self.time_passes, self.refuses], [12, 8, 1, 1, 2]
        )
        self.touched = LANGUAGES if what[0] == self.time_passes else (language,)
        what[0](language, chance)

    def is_moved(self, language: str, chance: Random) -> None:
        """A move that is open, by somebody who may make it."""
        may = {move: [who for who in self.people if self.model.may(move, language, who)] for move in MOVES}
        if not any(may.values()):
            self.edits(language, chance)
            return
        open_ = [move for move, people in may.items() if people]
        [move] = chance.choices(open_, [FORWARD.get(move, 1) for move in open_])
        self.makes(move, language, chance.choice(may[move]))

    def makes(self, move: Move, language: str, who: str) -> None:
        DO[move](self.row(language), self.people[who])
        self.say(language, who, self.model.make(move, language, who))
        if move == Move.SCHEDULE:
            self.schedulers[language] = who

    def edits(self, language: str, chance: Random) -> None:
        """Few texts, so that one comes back now and then."""
        self.writes(language, chance.choice(sorted(model.EDITORS)), chance.randrange(5))

    def writes(self, language: str, who: str, number: int) -> None:
        edit(self.article, self.people[who], **words(number, language))
        if self.model.languages[language].words != number:
            self.model.languages[language].words = number
            self.model.edits.append((who, language))

    def a_source_falls(self, language: str, chance: Random) -> None:
        SourceOutcome.objects.create(source=Source.objects.get(), held=False, reason="It fell.", by=self.people["chi"])
        self.model.records += 1

    def time_passes(self, language: str, chance: Random) -> None:
        """All that is scheduled comes due, and the worker looks, and looks again."""
        ago = timezone.now() - timedelta(seconds=1)
        Schedule.objects.filter(publication__isnull=False).update(due=ago, next_try=ago)
        for row in list(Publication.objects.due()):
            number = self.model.languages[row.language].scheduled
            self.say(row.language, self.schedulers[row.language], self.model.goes_out(row.language, number))
        assert [outcome.error for outcome in [*due.run(), *due.run()] if outcome.error] == []

    def refuses(self, language: str, chance: Random) -> None:
        """Any move, by somebody who may not make it now: often by one who might at another time."""
        barred = [(move, who) for move in MOVES for who in self.people if not self.model.may(move, language, who)]
        if chance.random() < 0.7:
            barred = [(move, who) for move, who in barred if who in {"root", "both"}]
        move, who = chance.choice(barred)
        before = everything()
        with pytest.raises(workflow.Refused):
            DO[move](self.row(language), self.people[who])
        assert everything() == before

    def say(self, language: str, who: str, rows: model.Rows) -> None:
        self.said += [(language, number, str(status), who) for number, status in rows]

    # --- the promises ------------------------------------------------------------------------------------

    @invariant()
    def everything_stands_where_the_model_says(self) -> None:
        for code, of in self.model.languages.items():
            row = self.row(code)
            there = [row.in_review, row.approved, row.scheduled and row.scheduled.version, row.live]
            assert [version.number if version else 0 for version in there] == [
                of.in_review, of.approved, of.scheduled, of.live,
            ]  # fmt: skip
            assert row.state == of.state

    @invariant()
    def what_is_open_is_what_the_model_says(self) -> None:
        for code in self.touched:
            row = self.row(code)
            for who in ("root", "both"):
                open_ = {move for move in MOVES if refusing.refusal(row, move, self.people[who]) is None}
                assert open_ == {move for move in MOVES if self.model.may(move, code, who)}

    @invariant()
    def readers_see_approved_words_alone_and_those_whole(self) -> None:
        live = {code: of.versions[of.live].words for code, of in self.model.languages.items() if of.state == "live"}
        for code in self.touched:
            slug = {"vi": "chu", "en": "words"}[code]
            home, page = (
                MARK.findall(Client().get(path, follow=True).content.decode())
                for path in (f"/{code}/", f"/{code}/articles/{slug}/")
            )
            own = {(str(live[code]), code)} if code in live else set()
            assert set(home) == own
            assert set(page) == (own or set(page) & {(str(number), other) for other, number in live.items()})

    @invariant()
    def what_readers_get_is_approved_by_its_digest(self) -> None:
        for row in Publication.objects.live().for_readers():
            assert row.live is not None
            assert row.live_approval is not None
            assert row.live_approval.status in ASSESSED
            assert row.live_approval.version_id == row.live_id
            assert row.live_approval.digest == row.live.digest == row.live.computed_digest()

    @invariant()
    def nobody_approved_what_they_wrote(self) -> None:
        for row in ReviewStatus.objects.filter(status__in=ASSESSED).select_related("version", "actor"):
            wrote = self.model.languages[row.version.language].versions[row.version.number].contributors
            assert {person["name"].lower() for person in row.version.contributors} == wrote
            assert row.actor.username not in wrote
            assert not row.self_review

    @invariant()
    def every_version_stays_as_it_was_frozen_and_what_was_published_stays_recorded(self) -> None:
        for version in Version.objects.all():
            assert self.frozen.setdefault(version.pk, version.content()) == version.content()
        assert (
            len(self.frozen) == Version.objects.count() == sum(len(of.versions) for of in self.model.languages.values())
        )
        for code, of in self.model.languages.items():
            published = ReviewStatus.objects.filter(status=Status.PUBLISHED, version__language=code).order_by("pk")
            assert list(published.values_list("version__number", flat=True)) == of.published

    @invariant()
    def the_record_is_whole_and_says_what_was_done(self) -> None:
        assert ledger("version__language", "version__number", "status", "actor__username") == self.said


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_the_promises_hold_whatever_anybody_does(db: None) -> None:
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=25,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )
