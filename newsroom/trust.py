"""The lines of trust.txt (JournalList's specification; draft-org-trust-relationship-protocol). Pure."""

import re
from collections.abc import Iterable

# Whom the desk is related to and where it says so: each an address on the web, as often as there is one to name.
ADDRESSED = ("member", "belongto", "control", "controlledby", "social", "vendor", "customer", "disclosure")
CONTACT, TRAINING = "contact", "datatrainingallowed"
ATTRIBUTES = (*ADDRESSED, CONTACT, TRAINING)
_ADDRESS = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?(/[!-~]*)?")


def checked(lines: Iterable[str]) -> list[str]:
    """The lines without spaces at their ends, the empty ones left out. Raises ValueError with a sentence for whoever
    wrote them.
    """
    kept = [line.strip() for line in lines if line.strip()]
    for line in kept:
        attribute, sign, value = line.partition("=")
        if not sign or attribute not in ATTRIBUTES:
            raise ValueError(f"a line is one of {', '.join(ATTRIBUTES)}, then = and a value: not {line!r}")
        if attribute in ADDRESSED and not _ADDRESS.fullmatch(value):
            raise ValueError(f"{attribute}= takes an address that starts with https:// or http://: not {value!r}")
        if attribute == CONTACT and (not value.strip() or not value.isprintable()):
            raise ValueError("contact= takes an address, or words on one line")
        if attribute == TRAINING and value not in ("yes", "no"):
            raise ValueError(f"datatrainingallowed= takes yes or no: not {value!r}")
    if sum(line.startswith(f"{TRAINING}=") for line in kept) > 1:
        raise ValueError("datatrainingallowed= is said once")
    return kept
