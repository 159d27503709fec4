"""How each page grows with the number of articles, as a picture and as a table: `python -m tests.bench.growth
REPORT.json …`, or `make bench-growth` of all that is kept below var/bench. Of several reports of one size and engine
the latest counts.
"""

import json
import sys
from collections import defaultdict
from html import escape
from math import log10
from pathlib import Path
from typing import Any

KEPT = Path(__file__).resolve().parents[2] / "var" / "bench"
WIDTH, HEIGHT, COLUMNS, LEFT, BELOW, ABOVE = 270, 180, 4, 52, 40, 30
STYLE = """
text { font: 11px sans-serif; fill: #222 } .name { font-weight: 600 } .axis { stroke: #bbb }
polyline { stroke-width: 2 } .sqlite { stroke: #0b6fa4; fill: #0b6fa4 }
.postgresql { stroke: #b3541e; fill: #b3541e }
text.sqlite, text.postgresql, tspan.sqlite, tspan.postgresql { stroke: none }
polyline.sqlite, polyline.postgresql { fill: none }
"""

Points = dict[int, float]  # articles → milliseconds of CPU per request


def latest(reports: list[Path]) -> list[dict[str, Any]]:
    """By engine, then by size."""
    told = [json.loads(path.read_text("utf-8")) for path in sorted(reports)]
    found = {(each["facts"]["database"], each["facts"]["articles"]): each for each in told}
    return [found[key] for key in sorted(found, key=lambda key: (key[0] != "sqlite", key[1]))]


def lines(reports: list[dict[str, Any]]) -> dict[str, dict[str, Points]]:
    """Page → engine → points."""
    found: dict[str, dict[str, Points]] = defaultdict(lambda: defaultdict(dict))
    for told in reports:
        for row in told["rows"]:
            found[_name(row)][told["facts"]["database"]][told["facts"]["articles"]] = row["cpu"]
    return found


def _name(row: dict[str, Any]) -> str:
    return "category, far down" if row["name"].startswith("category, from") else str(row["name"])


def table(reports: list[dict[str, Any]]) -> str:
    """Of each page ms of CPU, and how many times that of what one would write by hand; of all else the figure."""
    called = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
    heads = [f"{called[told['facts']['database']]} {told['facts']['articles']:,}" for told in reports]
    rows: dict[str, list[str]] = {}
    for place, told in enumerate(reports):
        cells = {_name(row): f"{row['cpu']:.2f} ({row['written']:.2f} ×)" for row in told["rows"]}
        for name, cell in (cells | {name: f"{value:.4g}" for name, value in told["figures"].items()}).items():
            rows.setdefault(name, ["–"] * len(reports))[place] = cell
    head = [["", *heads], ["---"] * (len(heads) + 1)]
    return "".join(f"|{'|'.join(cells)}|\n" for cells in [*head, *([name, *cells] for name, cells in rows.items())])


def drawn(found: dict[str, dict[str, Points]]) -> str:
    """One small panel for each page, all on the same two logarithmic axes; the figure at the end of a line is how many
    times dearer the page is at the most articles than at the fewest.
    """
    every = [point for engines in found.values() for points in engines.values() for point in points.items()]
    most, fewest = max(number for number, _ms in every), min(number for number, _ms in every)
    high, low = max(ms for _number, ms in every), min(ms for _number, ms in every)

    def x(number: int) -> float:
        return LEFT + (WIDTH - LEFT - 40) * (log10(number / fewest) / (log10(most / fewest) or 1))

    def y(ms: float) -> float:
        return HEIGHT - BELOW - (HEIGHT - BELOW - ABOVE) * (log10(ms / low) / (log10(high / low) or 1))

    def panel(name: str, engines: dict[str, Points]) -> str:
        parts = [f'<text class="name" x="{LEFT}" y="16">{escape(name)}</text>']
        for ms in (0.1, 1, 10, 100, 1000):
            if low <= ms <= high:
                parts.append(f'<path class="axis" d="M{LEFT} {y(ms):.1f}H{WIDTH - 40}"/>')
                parts.append(f'<text x="{LEFT - 6}" y="{y(ms) + 4:.1f}" text-anchor="end">{ms:g} ms</text>')
        parts += [
            f'<text x="{x(number):.1f}" y="{HEIGHT - 8}" text-anchor="middle">{number:,}</text>'
            for number in sorted({number for points in engines.values() for number in points})
        ]
        for turn, (engine, points) in enumerate(sorted(engines.items())):
            line = sorted(points.items())
            corners = " ".join(f"{x(number):.1f},{y(ms):.1f}" for number, ms in line)
            parts.append(f'<polyline class="{engine}" points="{corners}"/>')
            (_first, start), (last, end) = line[0], line[-1]
            at = f'x="{x(last) + 5:.1f}" y="{y(end) + 4 + 12 * turn:.1f}"'
            parts.append(f'<text class="{engine}" {at}>{end / start:.2f}×</text>')
        return "".join(parts)

    panels = [
        f'<g transform="translate({WIDTH * (turn % COLUMNS)} {30 + HEIGHT * (turn // COLUMNS)})">{panel(*each)}</g>'
        for turn, each in enumerate(found.items())
    ]
    size = f"{WIDTH * COLUMNS} {30 + HEIGHT * -(-len(panels) // COLUMNS)}"
    engines = '<tspan class="sqlite">SQLite</tspan>, <tspan class="postgresql">PostgreSQL, its own CPU included</tspan>'
    key = f'<text x="{LEFT}" y="18">ms of CPU per request, by articles: {engines}</text>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}"><style>{STYLE}</style>'
        f'<rect width="100%" height="100%" fill="#fff"/>{key}{"".join(panels)}</svg>\n'
    )


def main() -> None:
    reports = [Path(name) for name in sys.argv[1:]] or list(KEPT.glob("*.json"))
    if not reports:
        raise SystemExit("There is no report yet: make bench N=1000, then N=10000 and so on.")
    KEPT.mkdir(parents=True, exist_ok=True)
    told = latest(reports)
    (KEPT / "growth.svg").write_text(drawn(lines(told)), "utf-8")
    (KEPT / "growth.md").write_text(table(told), "utf-8")
    sys.stdout.write(f"{table(told)}\nKept as {KEPT / 'growth.md'}, drawn as {KEPT / 'growth.svg'}\n")


if __name__ == "__main__":
    main()
