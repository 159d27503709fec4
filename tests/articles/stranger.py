"""Checks an article's record.json with nothing of the desk's: python stranger.py < record.json"""

import json
import sys
from hashlib import sha256
from math import floor, fsum, log, prod, tanh


def check(text):
    record = json.loads(text)
    form = json.dumps(record["content"], sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    found = {"digest": sha256(form.encode()).hexdigest(), "percent": None, "points": {}, "uncounted": set()}
    if not (confidence := record["confidence"]):
        return found  # opinion, press releases and pages show no number
    policy, cited = confidence["policy"], []
    start, worth, successive = (float(policy[name]) for name in ("start", "worth", "successive"))
    for e in confidence["inputs"]:
        means, tier = policy["means"], e["tier"] or policy["unrated_tier"]
        mean, held, failed = map(float, (means[tier - 1], e["held"], e["failed"]))
        parts = {"unverified": e["verified"], "second_hand": e["first_hand"], "unreachable": e["reachable"]}
        way = max(0, (mean * worth + held) / (worth + held + failed) - start)
        reach = start + prod(float(policy[name]) for name, fine in parts.items() if not fine) * way
        weight = max(0, round(log(reach / (1 - reach) * (1 - start) / start), 12))
        flaws = (e["tier"] is None, e["tier"], not e["first_hand"], not e["verified"], not e["reachable"])
        cited.append(((e["stance"] == "contradicts", -weight, flaws, -held, failed, e["voice"], e["number"]), e))
    terms, tiers, before = [round(log(start / (1 - start)), 12)], {}, round(start * 100)
    for (against, weight, *_merits, voice, number), e in sorted(cited, key=lambda each: each[0]):
        if e["retracted"] or e["stance"] == "context" or (against, voice) in tiers:
            found["uncounted"].add(number)
            continue
        terms.append((weight if against else -weight) * successive ** sum(side == against for side, _voice in tiers))
        tiers[against, voice] = e["tier"]
        percent = round(50 * (1 + tanh(fsum(terms) / 2)), 9)  # nine decimals decide what is a half
        percent = min(max(floor(percent + 0.5), policy["lowest"]), policy["highest"])
        found["points"][number], before = percent - before, percent
    return found | ({"percent": before} if any(tiers.values()) else {"points": dict.fromkeys(found["points"], 0)})


if __name__ == "__main__":
    print(check(sys.stdin.read()))  # noqa: T201
