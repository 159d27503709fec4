"""From a version to its confidence: gathers what the pure arithmetic needs, as it stands now. Queries, no judgement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from articles import cautions, cleaning, confidence, digest, policies
from articles.models import Link, Publication, Verification, Version
from articles.models.verification import content_hash
from articles.reading import Glance, glance
from sources.standing import Standing, standings_beside

BATCH = 500  # of live versions held in memory at once


@dataclass(frozen=True, slots=True)
class Assessment:
    """`citations`: for each citation's number its tier, and its verification {by, at, checked} or None. `evidence`:
    each as it went into the arithmetic, those that count nothing too. `outlets` and `review_by`: of each number the
    source, and the day by which that is to be assessed again.
    """

    workings: confidence.Workings
    policy: confidence.Policy
    citations: list[dict[str, Any]]
    evidence: list[confidence.Evidence]
    outlets: dict[int, int]
    review_by: dict[int, date | None]

    def as_json(self) -> dict[str, Any]:
        return {"workings": self.workings.as_json(), "citations": self.citations}

    def kept(self, by: Any) -> dict[str, Any]:
        """What the ledger keeps of it, in a row by this person."""
        evidence = [each.as_json() for each in self.evidence]
        return {**self.as_json(), "evidence": evidence, "reviewer": public_name(by)}

    def cautions(self, today: date) -> dict[cautions.Caution, tuple[int, ...]]:
        overdue = {number for number, day in self.review_by.items() if day and day < today}
        return cautions.cautions(self.workings, self.evidence, self.outlets, overdue)


def subject(article_id: int) -> str:
    """How outcomes name an article: its own never feed the number it is judged by."""
    return f"article:{article_id}"


def subject_of(article_id: int, cited: Mapping[str, Any], source: int) -> str:
    """How they name one citation of it: the same for every version and language that cites the same, whatever its
    `source` was called before it was merged.
    """
    return f"{subject(article_id)}/{content_hash(cited, source)}"


def assess(version: Version) -> Assessment:
    """The confidence in `version`'s claim by the sources' records and the verifications of this moment. A source that
    is only about to be made has a number below 0: not rated, and nobody's.
    """
    return assess_all([version])[version.pk]


def assess_all(versions: Collection[Version]) -> dict[int, Assessment]:
    """By their keys, the assessment of each version: as many queries for a thousand as for one."""
    if not versions:
        return {}
    sources: dict[int, set[int]] = {}
    for version in versions:
        named = {cited[role]["id"] for cited in version.citations for role in ("source", "origin") if cited[role]}
        sources.setdefault(version.article_id, set()).update(named)
    urls = {cited["url"] for version in versions for cited in version.citations if not cited["archive_url"]}
    found = grounds(sources, urls, _latest_checks(versions))
    return {version.pk: found.assess(version) for version in versions}


@dataclass(frozen=True, slots=True)
class Grounds:
    """What versions are assessed by. `latest`: of each article, the last verification of each citation content;
    `standing`: for each subject, where its sources stand; `dead`: the addresses that readers can open no more.
    """

    latest: Mapping[int, Mapping[str, Verification]]
    standing: Mapping[str, Mapping[int, Standing]]
    dead: Collection[str]
    policy: confidence.Policy

    def assess(self, version: Version) -> Assessment:
        """No query."""
        stands = self.standing[subject(version.article_id)]
        checked = _checked(version, self.latest.get(version.article_id, {}), stands)
        return _assessed(version, checked, stands, self.dead, self.policy)


def grounds(
    sources: Mapping[int, Collection[int]],
    urls: Collection[str],
    latest: Mapping[int, Mapping[str, Verification]],
) -> Grounds:
    """Those of this moment: of each article the numbers of its `sources`, and its verifications; `urls` are of all."""
    unmade = {pk: Standing(None, 0.0, 0.0, voice=pk) for ids in sources.values() for pk in ids if pk < 0}
    standing = standings_beside({subject(pk): set(ids) - unmade.keys() for pk, ids in sources.items()})
    dead = Link.objects.dead().by_url(urls).keys()
    return Grounds(latest, {about: known | unmade for about, known in standing.items()}, dead, policies.current())


def _latest_checks(versions: Collection[Version]) -> dict[int, dict[str, Verification]]:
    """Of each article of these, the latest row for each citation content."""
    latest: dict[int, dict[str, Verification]] = {}
    rows = Verification.objects.filter(article__in={version.article_id for version in versions})
    for row in rows.select_related("by__author").order_by("pk"):
        latest.setdefault(row.article_id, {})[row.content] = row
    return latest


def _checked(
    version: Version, latest: Mapping[str, Verification], standing: Mapping[int, Standing]
) -> dict[int, Verification]:
    """The verification that stands for each citation, by its number: the latest row of its content, under whatever
    number its source goes, unless withdrawn or by a contributor.
    """
    if not latest:
        return {}
    contributors = {person["id"] for person in version.contributors}
    found = {}
    for cited in version.citations:
        source = cited["source"]["id"]
        contents = [content_hash(cited, number) for number in (source, *standing[source].others)]
        row = max((latest[content] for content in contents if content in latest), key=lambda row: row.pk, default=None)
        if row and not row.withdrawn and row.by_id not in contributors:
            found[cited["number"]] = row
    return found


def _assessed(
    version: Version,
    checked: Mapping[int, Verification],
    standing: Mapping[int, Standing],
    dead: Collection[str],
    policy: confidence.Policy,
) -> Assessment:
    evidence, rows = [], []
    for cited in version.citations:
        source, check = standing[cited["source"]["id"]], checked.get(cited["number"])
        speaker = standing[cited["origin"]["id"]] if cited["origin"] else source
        evidence.append(
            confidence.Evidence(
                number=cited["number"],
                voice=str(speaker.voice),
                stance=confidence.Stance(cited["stance"]),
                tier=source.tier,
                held=source.held,
                failed=source.failed,
                first_hand=cited["first_hand"],
                verified=check is not None,
                reachable=bool(cited["archive_url"]) or cited["url"] not in dead,
            )
        )
        rows.append({"number": cited["number"], "tier": source.tier, "verified": check and _told(check)})
    outlets = {cited["number"]: cited["source"]["id"] for cited in version.citations}
    review_by = {number: standing[source].review_by for number, source in outlets.items()}
    return Assessment(confidence.assess(evidence, policy), policy, rows, evidence, outlets, review_by)


def at_a_glance(publications: Collection[int]) -> dict[int, tuple[Glance, Glance]]:
    """By their keys, what the badges of each live one of these say, and what they would by an assessment of now."""
    keys, found = sorted(publications), {}
    rows = Publication.objects.live().select_related("live", "live_approval").defer("live__body")
    for start in range(0, len(keys), BATCH):
        live = {row: row.live for row in rows.filter(pk__in=keys[start : start + BATCH]) if row.live}
        assessed = assess_all(list(live.values()))
        for row, version in live.items():
            assert row.live_approval is not None
            shown = row.live_approval.glance(version.kind)
            found[row.pk] = shown, glance(version.kind, assessed[version.pk].workings)
    return found


def screen_hash(version: Version, assessment: Assessment) -> str:
    """One hash over all that an approval is of: the words, the verifications counted and the workings shown."""
    return digest.sha256({"digest": version.digest, **assessment.as_json()})


def public_name(user: Any) -> str:
    """The name a reader may see: that of the person's author page; "" where there is none, never a user name."""
    author = getattr(user, "author", None)
    return cleaning.line(author.name) if author else ""


def _told(check: Verification) -> Mapping[str, str]:
    return {"by": public_name(check.by), "at": check.at.isoformat(), "checked": check.checked}
