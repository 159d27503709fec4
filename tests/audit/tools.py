"""The tools of others that look at our pages: from the npm packages of package.json beside this file."""

import json
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
READABILITY = MODULES / "@mozilla" / "readability" / "Readability.js"
NU = MODULES / "vnu-jar" / "build" / "dist" / "vnu.jar"
LIGHTHOUSE = MODULES / "lighthouse" / "cli" / "index.js"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
VITALS = {"LCP": "largest-contentful-paint", "CLS": "cumulative-layout-shift", "TBT": "total-blocking-time"}  # ms
FLAGS = "--headless --no-sandbox --disable-gpu --disable-background-networking --disable-quic"


def missing(*, lighthouse: bool = False) -> list[str]:
    """What has to be installed first, and how."""
    needed = [
        (shutil.which("java"), "Java: the package default-jre-headless"),
        (READABILITY.exists() and NU.exists(), "the npm packages: make audit-tools"),
        (CHROMIUM, "Chromium: the package chromium"),
    ]
    if lighthouse:
        needed += [(shutil.which("node"), "Node: the package nodejs"), (LIGHTHOUSE.exists(), "Lighthouse: make audit")]
    return [sentence for there, sentence in needed if not there]


def nu(pages: dict[str, bytes]) -> dict[str, list[str]]:
    """What the Nu HTML checker says of each page that is not sound, errors and warnings alike, in one run of it."""
    with tempfile.TemporaryDirectory() as folder:
        files = {Path(folder, f"{number}.html"): name for number, name in enumerate(pages)}
        for file, name in files.items():
            file.write_bytes(pages[name])
        java = ["java", "-Xmx512m", "-jar", str(NU), "--format", "json", "--stdout", "--exit-zero-always"]
        done = subprocess.run([*java, *map(str, files)], capture_output=True, text=True, timeout=300, check=True)
    said: dict[str, list[str]] = {}
    for message in json.loads(done.stdout)["messages"]:
        number = Path(message.get("url", "")).stem
        page = list(pages)[int(number)] if number.isdigit() else "the checker itself"
        said.setdefault(page, []).append(f"line {message.get('lastLine')}: {message['message']}")
    return said


def lighthouse(url: str, *, desktop: bool) -> tuple[dict[str, int], dict[str, float]]:
    """Its scores of the page at `url` by category, of 100 each, and its VITALS. Raises RuntimeError: what it said."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder, "report.json")
        command = ["node", str(LIGHTHOUSE), url, "--quiet", "--output=json", f"--output-path={report}"]
        command += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={FLAGS}"]
        # It fetches robots.txt from inside the page, which our policy forbids; test_front.py reads every line of it.
        command += ["--skip-audits=robots-txt"]
        command += ["--no-enable-error-reporting"] + ["--preset=desktop"] * desktop
        environment = os.environ | {"CHROME_PATH": CHROMIUM or ""}
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, env=environment, check=False)
        if not report.exists():
            raise RuntimeError(f"Lighthouse gave no report on {url}: {done.stderr[-300:]}")
        told = json.loads(report.read_text("utf-8"))
    if "runtimeError" in told and told["runtimeError"].get("code") not in (None, "NO_ERROR"):
        raise RuntimeError(f"Lighthouse on {url}: {told['runtimeError']['message'][:200]}")
    scores = {name: round(100 * (told["categories"][name]["score"] or 0)) for name in CATEGORIES}
    return scores, {name: round(told["audits"][audit]["numericValue"], 3) for name, audit in VITALS.items()}
