"""What must be true of the ledger and of what is public, in the database's own words: the door behind the workflow.

Tables are named in full: a guard stands outside the models and outlives a mistake in them.
"""

from sources.frozen import Guard

CHAIN = Guard(
    "ledger_continues",
    "articles_reviewstatus",
    "a row of the ledger continues its chain",
    "NEW.previous = COALESCE((SELECT hash FROM articles_reviewstatus ORDER BY id DESC LIMIT 1), '')",
)

SAME_WORDS = Guard(
    "ledger_names_the_words",
    "articles_reviewstatus",
    "a row of the ledger carries the digest of its version",
    "NEW.digest = (SELECT digest FROM articles_version WHERE id = NEW.version_id)",
)

FOUR_EYES = Guard(
    "approval_by_another",
    "articles_reviewstatus",
    "nobody approves what they contributed to, unless the approval says so",
    {
        "sqlite": """NEW.status NOT IN ('approved', 'reassessed') OR NEW.self_review OR NOT EXISTS (
            SELECT 1 FROM articles_version AS version, json_each(version.contributors) AS person
            WHERE version.id = NEW.version_id AND json_extract(person.value, '$.id') = NEW.actor_id)""",
        "postgresql": """NEW.status NOT IN ('approved', 'reassessed') OR NEW.self_review OR NOT EXISTS (
            SELECT 1 FROM articles_version AS version, jsonb_array_elements(version.contributors) AS person
            WHERE version.id = NEW.version_id AND (person->>'id')::bigint = NEW.actor_id)""",
    },
)

_OF_THIS_LANGUAGE = "version.article_id = NEW.article_id AND version.language = NEW.language"
_APPROVED = "approval.status IN ('approved', 'reassessed') AND approval.digest = version.digest"

PUBLIC_WORDS = Guard(
    "public_words_are_approved",
    "articles_publication",
    "only an approved version of this very article and language goes live",
    f"""NEW.live_id IS NULL OR EXISTS (
        SELECT 1 FROM articles_version AS version
        JOIN articles_reviewstatus AS approval ON approval.version_id = version.id AND {_APPROVED}
        WHERE version.id = NEW.live_id AND approval.id = NEW.live_approval_id AND {_OF_THIS_LANGUAGE})""",
)

OWN_VERSIONS = Guard(
    "versions_of_this_language",
    "articles_publication",
    "only versions of this very article and language are in review or approved",
    f"""(NEW.in_review_id IS NULL OR EXISTS (
        SELECT 1 FROM articles_version AS version WHERE version.id = NEW.in_review_id AND {_OF_THIS_LANGUAGE}))
    AND (NEW.approved_id IS NULL OR EXISTS (
        SELECT 1 FROM articles_version AS version
        JOIN articles_reviewstatus AS approval ON approval.version_id = version.id AND {_APPROVED}
        WHERE version.id = NEW.approved_id AND {_OF_THIS_LANGUAGE}))""",
)

SCHEDULED_WORDS = Guard(
    "scheduled_words_are_approved",
    "articles_publication",
    "only an approved version of this very article and language is scheduled",
    f"""NEW.scheduled_id IS NULL OR EXISTS (
        SELECT 1 FROM articles_schedule AS schedule
        JOIN articles_version AS version ON version.id = schedule.version_id
        JOIN articles_reviewstatus AS approval ON approval.version_id = version.id AND {_APPROVED}
        WHERE schedule.id = NEW.scheduled_id AND {_OF_THIS_LANGUAGE})""",
)

TRUE_CORRECTION = Guard(
    "correction_as_recorded",
    "articles_correction",
    "a correction is of its own publication, and dated as the ledger has it",
    """EXISTS (
        SELECT 1 FROM articles_reviewstatus AS recorded
        JOIN articles_version AS reached ON reached.id = recorded.version_id
        JOIN articles_version AS left_behind ON left_behind.id = NEW.from_version_id
        JOIN articles_publication AS publication ON publication.id = NEW.publication_id
        WHERE recorded.id = NEW.row_id AND recorded.at = NEW.at
        AND recorded.status = CASE WHEN NEW.to_version_id IS NULL THEN 'withdrawn' ELSE 'published' END
        AND recorded.version_id = COALESCE(NEW.to_version_id, NEW.from_version_id)
        AND reached.article_id = publication.article_id AND reached.language = publication.language
        AND left_behind.article_id = publication.article_id AND left_behind.language = publication.language)""",
)

TRUE_VERDICT = Guard(
    "verdict_of_what_was_public",
    "articles_verdict",
    "a verdict is of a version that was public, by its own approval, its own correction and its own audit",
    """EXISTS (
        SELECT 1 FROM articles_reviewstatus AS published
        WHERE published.version_id = NEW.version_id AND published.status = 'published')
    AND EXISTS (
        SELECT 1 FROM articles_reviewstatus AS approval
        WHERE approval.id = NEW.approval_id AND approval.version_id = NEW.version_id
        AND approval.status IN ('approved', 'reassessed'))
    AND (NEW.correction_id IS NULL OR EXISTS (
        SELECT 1 FROM articles_correction AS correction
        WHERE correction.id = NEW.correction_id AND correction.from_version_id = NEW.version_id))
    AND (NEW.audit_id IS NULL OR EXISTS (
        SELECT 1 FROM articles_audit AS audit
        WHERE audit.id = NEW.audit_id AND audit.version_id = NEW.version_id))""",
)

LEDGER = (CHAIN.name, SAME_WORDS.name, FOUR_EYES.name)
PUBLICATION = (PUBLIC_WORDS.name, OWN_VERSIONS.name, SCHEDULED_WORDS.name)
CORRECTION = (TRUE_CORRECTION.name,)
VERDICT = (TRUE_VERDICT.name,)
