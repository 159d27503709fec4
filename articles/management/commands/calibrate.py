import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from articles import outcomes, policies
from articles.calibration import LEAST, Calibration, calibrated
from articles.confidence import Policy
from articles.fitting import fitted


class Command(BaseCommand):
    help = (
        "Whether the numbers meant what they said: what was predicted of each claim that was judged, and what came of "
        "it. With --fit, which constants would have served better; a person publishes them as a new policy, or not."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="the same for a machine")
        parser.add_argument("--fit", action="store_true", help="also propose constants; may take half a minute")

    def handle(self, *args: Any, **options: Any) -> None:
        found = calibrated(outcomes.judged())
        policy = policies.current()
        proposed = self._fitted(policy) if options["fit"] else None
        if options["json"]:
            plain = found.as_json()
            if proposed:
                plain |= {"published": policy.as_json(), "proposed": proposed.as_json()}
            self.stdout.write(json.dumps(plain, indent=2))
            return
        for line in (*_figures(found), *(_constants(policy, proposed, few=not found.claims) if proposed else ())):
            self.stdout.write(line)

    def _fitted(self, policy: Policy) -> Policy:
        evidence = outcomes.judged_anew()
        self.stderr.write(f"Fitting {len(evidence)} outcomes …")
        proposed = fitted(evidence, policy)
        self.stderr.write("Done.")
        return proposed


def _figures(found: Calibration) -> Iterator[str]:
    yield f"Rests on {found.outcomes} outcomes; nothing is claimed below {LEAST}."
    if not found.claims:
        return
    yield f"Brier score {found.brier:.4f}, log loss {found.log_loss:.4f}, expected calibration error {found.error:.4f}"
    yield ""
    yield f"{'predicted':>9}  {'held':>6}  {'95 % interval':>15}  {'outcomes':>8}  {'worth':>7}"
    for each in found.bins:
        interval = f"{each.low:.1%} – {each.high:.1%}"
        yield f"{each.predicted:>9.1%}  {each.held:>6.1%}  {interval:>15}  {each.outcomes:>8}  {each.effective:>7.1f}"


def _constants(policy: Policy, proposed: Policy, *, few: bool) -> Iterator[str]:
    """The published constants beside the proposed ones, each as it would be written down."""
    before, after = policy.as_json(), proposed.as_json()
    yield ""
    yield f"{'constant':<14}  {f'policy {policy.version}':<42}  proposed"
    for name in before:
        if name not in ("version", "log_odds"):
            mark = "" if before[name] == after[name] else " *"
            yield f"{name:<14}  {_written(before[name]):<42}  {_written(after[name])}{mark}"
    if few:
        yield f"On fewer than {LEAST} outcomes a proposal says little: it is not to be published."


def _written(value: Any) -> str:
    values = value if isinstance(value, list) else [value]
    return ", ".join(f"{float(each):.3g}" for each in values)
