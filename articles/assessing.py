"""From a version to its confidence: gathers what the pure arithmetic needs, as it stands now. Queries, no judgement."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from articles import cleaning, confidence, digest
from articles.models import Link, Publication, Verification, Version
from articles.models.verification import content_hash
from articles.reading import Glance, glance
from sources.standing import Standing, standings_beside

BATCH = 500  # of live versions held in memory at once


@dataclass(frozen=True, slots=True)
class Assessment:
    """`citations`: for each citation's number its tier, and its verification {by, at, checked} or None. `evidence`:
    each as it went into the arithmetic, those that count nothing too.
    """

    workings: confidence.Workings
    citations: list[dict[str, Any]]
    evidence: list[confidence.Evidence]

    def as_json(self) -> dict[str, Any]:
        return {"workings": self.workings.as_json(), "citations": self.citations}


def subject(article_id: int) -> str:
    """How outcomes name an article: its own never feed the number it is judged by."""
    return f"article:{article_id}"


def verifications(version: Version) -> dict[str, Verification]:
    """The verification that stands for each citation content: the latest row, unless withdrawn or by a contributor."""
    return _standing(version, _latest([version]))


def _latest(versions: Collection[Version]) -> dict[int, dict[str, Verification]]:
    """Of each article of these, the latest row for each citation content."""
    latest: dict[int, dict[str, Verification]] = {}
    rows = Verification.objects.filter(article__in={version.article_id for version in versions})
    for row in rows.select_related("by__author").order_by("pk"):
        latest.setdefault(row.article_id, {})[row.content] = row
    return latest


def _standing(version: Version, latest: Mapping[int, Mapping[str, Verification]]) -> dict[str, Verification]:
    contributors = {person["id"] for person in version.contributors}
    return {
        content: row
        for content, row in latest.get(version.article_id, {}).items()
        if not row.withdrawn and row.by_id not in contributors
    }


def assess(version: Version) -> Assessment:
    """The confidence in `version`'s claim by the sources' records and the verifications of this moment."""
    return assess_all([version])[version.pk]


def assess_all(versions: Collection[Version]) -> dict[int, Assessment]:
    """By their keys, the assessment of each version: as many queries for a thousand as for one."""
    if not versions:
        return {}
    wanted: dict[str, set[int]] = {}
    for version in versions:
        named = {cited[role]["id"] for cited in version.citations for role in ("source", "origin") if cited[role]}
        wanted.setdefault(subject(version.article_id), set()).update(named)
    latest, standing = _latest(versions), standings_beside(wanted)
    urls = {cited["url"] for version in versions for cited in version.citations if not cited["archive_url"]}
    dead = Link.objects.dead().by_url(urls).keys()
    return {
        version.pk: _assessed(version, _standing(version, latest), standing[subject(version.article_id)], dead)
        for version in versions
    }


def _assessed(
    version: Version, checked: Mapping[str, Verification], standing: Mapping[int, Standing], dead: Collection[str]
) -> Assessment:
    evidence, rows = [], []
    for cited in version.citations:
        source, check = standing[cited["source"]["id"]], checked.get(content_hash(cited)) if checked else None
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
    return Assessment(confidence.assess(evidence), rows, evidence)


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
