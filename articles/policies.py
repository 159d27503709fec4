"""Which policy numbers are computed by: the one published last, else the first, which is in the code.

A policy is published by a person and never altered: every approval names the one it was computed by.
"""

from dataclasses import replace

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles import cleaning
from articles.confidence import POLICIES, POLICY, Policy
from articles.models import PublishedPolicy
from sources.tiers import Tier


def current() -> Policy:
    """The policy in use."""
    return next(map(_policy, PublishedPolicy.objects.order_by("-pk")[:1]), POLICY)


def of(version: str) -> Policy:
    """The policy of this version; PublishedPolicy.DoesNotExist where nobody published it."""
    return POLICIES.get(version) or _policy(PublishedPolicy.objects.get(version=version))


def published() -> list[PublishedPolicy]:
    """Those that took the place of the first, the newest first."""
    return list(PublishedPolicy.objects.order_by("-pk"))


def publish(policy: Policy, *, by: User, note: str) -> PublishedPolicy:
    """Let every number from now on be computed by `policy`; `note` is public. Raises ValidationError."""
    if not by.is_active or not by.has_perm("articles.add_publishedpolicy"):
        raise ValidationError(_("You may not publish a policy."))
    if not (note := cleaning.plain(note)):
        raise ValidationError(_("Write a note: it says why."))
    if len(policy.means) != len(Tier):
        raise ValidationError(_("A policy has a mean for each of the %(count)d tiers.") % {"count": len(Tier)})
    if replace(policy, version="") == replace(current(), version=""):
        raise ValidationError(_("Its constants are those of the policy in use."))
    if policy.version in POLICIES or PublishedPolicy.objects.filter(version=policy.version).exists():
        raise ValidationError(_("Version %(version)s is published already.") % {"version": policy.version})
    row = PublishedPolicy(version=policy.version, constants=policy.as_json(), note=note, by=by)
    row.full_clean()
    row.save()
    return row


def _policy(row: PublishedPolicy) -> Policy:
    return Policy.from_json(row.constants)
