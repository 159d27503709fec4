"""What the desk is made of, as CycloneDX 1.6: `python -m newsroom.sbom` prints it (`make sbom`).

From the lock files: names, versions, hashes, who needs whom, and whether it is needed to run, for a store of pictures,
or to develop. Licences as the installed packages say them. The same again gives the same bytes: no time, no chance.
"""

import json
import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = {"requirements.lock": "required", "requirements-s3.lock": "optional", "requirements-dev.lock": "excluded"}
PIN = re.compile(r"^([a-z0-9-]+)==([^\s;]+)(.*(?:\n .*)*)", re.MULTILINE)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
BY = re.compile(r"^    #(?: via|  ) ([a-z0-9-]+)(?: \(pyproject.*)?$", re.MULTILINE)

Json = dict[str, Any]


def bill() -> Json:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    root = {"type": "application", "bom-ref": "newsroom", "name": project["name"], "version": project["version"]}
    components: dict[str, Json] = {}
    needs: dict[str, set[str]] = {"newsroom": set()}
    for lock, scope in LOCKS.items():
        for name, version, rest in PIN.findall((ROOT / lock).read_text("utf-8")):
            components.setdefault(name, _component(name, version, HASH.findall(rest), scope))  # the first lock says why
            for by in (name, *BY.findall(rest)):
                needs.setdefault(by, set()).update({name} - {by})
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**root, "licenses": [{"expression": project["license"]}]}},
        "components": [components[name] for name in sorted(components)],
        "dependencies": [{"ref": name, "dependsOn": sorted(needs[name])} for name in sorted(needs)],
    }


def _component(name: str, version: str, hashes: list[str], scope: str) -> Json:
    """A release has a file for each platform, and each file its hash."""
    purl = f"pkg:pypi/{name}@{version}"
    files = [{"alg": "SHA-256", "content": each} for each in sorted(hashes)]
    component: Json = {
        "type": "library",
        "bom-ref": name,
        "name": name,
        "version": version,
        "scope": scope,
        "purl": purl,
    }
    component["externalReferences"] = [{"type": "distribution", "url": purl, "hashes": files}]
    return component | ({"licenses": licences} if (licences := _licences(name)) else {})


def _licences(name: str) -> list[Json]:
    """As the package that is installed says: an expression, else classifiers, else a line; else none."""
    try:
        told = metadata(name)
    except PackageNotFoundError:
        return []
    if "License-Expression" in told:
        return [{"expression": told["License-Expression"]}]
    classifiers = [each for each in told.get_all("Classifier") or [] if each.startswith("License :: ")]
    line = "".join(told.get_all("License") or []).splitlines()
    named = sorted(each.rpartition(" :: ")[2] for each in classifiers) or line
    return [{"license": {"name": each}} for each in named if classifiers or len(named) == 1]


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=2, sort_keys=True)
    sys.stdout.write("\n")
