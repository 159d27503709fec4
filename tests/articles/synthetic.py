"""Desks whose true probabilities are known: sources, records, articles and outcomes, drawn from a seed.

The world of a seed is the method itself with constants of its own, drawn from a broad prior (`constants`); it was
fixed before any fit was looked at, and is not tuned. `python -m tests.articles.synthetic` fits all thirty seeds and
prints every one of them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, fsum, log
from operator import mul
from random import Random

from articles.confidence import POLICY, Evidence, Policy, Stance, State, assess
from articles.fitting import Cases, Judged, fitted

SEEDS = range(30)
MANY, FEW, FRESH = 1000, 20, 500  # outcomes fitted, and claims that no fit has seen


def constants(chance: Random) -> Policy:
    """True constants, each independent of the published ones, as wide as a sound policy reasonably goes: the start
    within 10 … 70 %, priors worth 3 … 40 outcomes (evenly in the logarithm), tiers in order anywhere that this worth
    allows, every part within 0.1 … 0.95."""
    worth = exp(chance.uniform(log(3), log(40)))
    means = [chance.uniform(1 / worth, 1 - 1 / worth) for _tier in range(4)]
    start, *parts = chance.uniform(0.1, 0.7), *(chance.uniform(0.1, 0.95) for _part in range(4))
    unverified, second_hand, unreachable, successive = parts
    return Policy(
        version="true",
        start=start,
        means=tuple(min(max(mean, 1.0001 / worth), 1 - 1.0001 / worth) for mean in sorted(means, reverse=True)),
        worth=worth,
        unverified=unverified,
        second_hand=second_hand,
        unreachable=unreachable,
        successive=successive,
    )


@dataclass(frozen=True, slots=True)
class Source:
    owner: str
    tier: int | None
    held: float
    failed: float


def sources(chance: Random, true: Policy) -> list[Source]:
    """Sixty, a third of them in owner groups of four; one in ten without a tier, drawn as the lowest. Each
    has a true reliability from its tier's prior and a record of up to forty checked outcomes drawn from that."""
    found = []
    for number in range(60):
        tier = None if chance.random() < 0.1 else chance.choice([1, 1, 2, 2, 3, 4])
        mean = true.means[(tier or true.unrated_tier) - 1]
        reliability = chance.betavariate(mean * true.worth, (1 - mean) * true.worth)
        checked = chance.choice([0, 0, 1, 3, 6, 10, 20, 40])
        held = sum(chance.random() < reliability for _outcome in range(checked))
        owner = f"group {number // 4}" if number < 20 else f"source {number}"
        found.append(Source(owner, tier, float(held), float(checked - held)))
    return found


def article(chance: Random, register: list[Source]) -> tuple[Evidence, ...]:
    """One to six citations: a fifth of them against the claim, a few mere context or withdrawn; each may be followed by
    a copy of it in another paper, second-hand and of the same voice."""
    cited: list[Evidence] = []
    wanted = chance.choice([1, 1, 2, 2, 3, 4, 5, 6])
    while len(cited) < wanted:
        copies = bool(cited) and chance.random() < 0.2
        source = chance.choice(register)
        one = Evidence(
            number=len(cited) + 1,
            voice=cited[-1].voice if copies else source.owner,
            stance=cited[-1].stance if copies else chance.choices(list(Stance), [75, 20, 5])[0],
            tier=source.tier,
            held=source.held,
            failed=source.failed,
            first_hand=not copies and chance.random() < 0.6,
            verified=chance.random() < 0.5,
            reachable=chance.random() < 0.85,
            retracted=chance.random() < 0.03,
        )
        cited.append(one)
    return tuple(cited)


def claims(chance: Random, register: list[Source]) -> Iterator[tuple[Evidence, ...]]:
    """Articles that show a number, without end."""
    while True:
        evidence = article(chance, register)
        if assess(evidence).state is State.RATED:
            yield evidence


def expit(log_odds: float) -> float:
    return 1 / (1 + exp(-log_odds))


def chance_of(evidence: tuple[Evidence, ...], policy: Policy) -> float:
    return expit(assess(evidence, policy).log_odds)


@dataclass(frozen=True, slots=True)
class Result:
    """Of one seed: how far a probability is from the true one on average, by the policy that it is computed with."""

    seed: int
    unfitted: float
    few: float
    many: float


def result(seed: int) -> Result:
    chance = Random(seed)  # noqa: S311
    true = constants(chance)
    register = sources(chance, true)
    drawn = claims(chance, register)
    judged = []
    for _outcome in range(MANY):
        evidence = next(drawn)
        judged.append(Judged(evidence, chance.random() < chance_of(evidence, true)))
    fresh = Cases.of([Judged(next(drawn), True) for _claim in range(FRESH)], POLICY)
    truth = fresh.log_odds(true)

    def error(policy: Policy) -> float:
        off = [abs(expit(x) - expit(t)) for x, t in zip(fresh.log_odds(policy), truth, strict=True)]
        return fsum(map(mul, off, fresh.held)) / FRESH  # held: how many of the claims have just these citations

    return Result(seed, error(POLICY), error(fitted(judged[:FEW])), error(fitted(judged)))


def table(results: list[Result]) -> str:
    """Every seed, and their means."""
    columns = zip(*((each.unfitted, each.few, each.many) for each in results), strict=True)
    means = [fsum(column) / len(results) for column in columns]
    halved = sum(each.many <= each.unfitted / 2 for each in results)
    lines = [f"seed  unfitted  {FEW:>4} outcomes  {MANY} outcomes  (mean distance from the true probability)"]
    lines += [f"{each.seed:4}  {each.unfitted:8.4f}  {each.few:13.4f}  {each.many:13.4f}" for each in results]
    lines.append("mean  {:8.4f}  {:13.4f}  {:13.4f}".format(*means))
    return "\n".join([*lines, f"at most half of the unfitted: {halved} of {len(results)} seeds"])


if __name__ == "__main__":
    print(table([result(seed) for seed in SEEDS]))  # noqa: T201
