"""What is published of the record of one language of an article: enough for a stranger to compute its digest and its
number anew, without asking us. Plain values; of what was withdrawn, none of its words.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from articles import policies
from articles.confidence import Evidence
from articles.kinds import RATED_KINDS, CorrectionKind
from articles.models import Correction, Publication, ReviewStatus, Version
from articles.states import LiveState

SCHEMA = 1  # raised when this object changes its shape


def of(publication: Publication, corrections: Iterable[Correction]) -> dict[str, Any]:
    """The record of a language that is or was public, with its `corrections`, the newest first."""
    version, row, own = publication.live, publication.live_approval, list(corrections)
    if version is None or row is None or row.confidence is None:
        raise ValueError("nothing of this language was ever public")
    review = row.review()
    told = {
        "schema": SCHEMA,
        "state": str(publication.state),
        "language": publication.language,
        "version": version.number,
        "digest": version.digest,
        "published": _moment(publication.first_published),
        "updated": _moment(publication.last_published),
    }
    if publication.state != LiveState.LIVE:
        withdrawal = next(each for each in own if each.kind == CorrectionKind.WITHDRAWAL)
        return told | {
            "review": {"by": review.by, "at": _moment(review.at)},
            "withdrawn": {"at": _moment(withdrawal.at), "reason": withdrawal.note},
        }
    again = review.reassessed
    return told | {
        **_content(version, row),
        "review": {
            **review.as_json(),
            "reassessed": again and {"by": again.by, "at": _moment(again.at), "note": again.note},
        },
        "corrections": [_correction(each) for each in own],
    }


def of_version(
    version: Version, approval: ReviewStatus, *, published: datetime, until: datetime | None
) -> dict[str, Any]:
    """The record of one version as it was approved: the same object, without what came after it."""
    return {
        "schema": SCHEMA,
        "language": version.language,
        "version": version.number,
        "digest": version.digest,
        "live": {"from": _moment(published), "until": _moment(until)},
        "review": approval.review().as_json(),
        **_content(version, approval),
    }


def _content(version: Version, row: ReviewStatus) -> dict[str, Any]:
    """The words, and what was found of them by this row."""
    assert row.confidence is not None
    return {
        "content": version.content(),
        "citations": row.confidence["citations"],
        "confidence": _confidence(row) if version.kind in RATED_KINDS else None,
        "ledger": row.hash,
    }


def inputs(row: ReviewStatus) -> list[dict[str, Any]]:
    """What went into the arithmetic. Rows older than `evidence` have the counted alone."""
    told = row.confidence or {}
    counted = [{name: each[name] for name in Evidence.__slots__} for each in told["workings"]["rows"]]
    evidence: list[dict[str, Any]] = told.get("evidence", counted)
    return evidence


def _confidence(row: ReviewStatus) -> dict[str, Any]:
    """What went in, by which constants, and what came of it."""
    told = row.confidence or {}
    return {
        "policy": policies.of(told["workings"]["policy"]).as_json(),
        "inputs": inputs(row),
        "workings": told["workings"],
    }


def _correction(row: Correction) -> dict[str, Any]:
    return {
        "kind": str(row.kind),
        "at": _moment(row.at),
        "note": row.note,
        "from": _version(row.from_version),
        "to": row.to_version and _version(row.to_version),
    }


def _version(version: Version) -> dict[str, Any]:
    return {"version": version.number, "digest": version.digest}


def _moment(at: datetime | None) -> str:
    return at.astimezone(UTC).isoformat() if at else ""
