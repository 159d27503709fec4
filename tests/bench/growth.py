"""How each page grows with the number of articles, as a picture: `python -m tests.bench.growth REPORT.json …`, or
`make bench-growth` of all that is kept below var/bench. Of several reports of one size and engine the latest counts.
"""

import json
import sys
from collections import defaultdict
from html import escape
from math import log10
from pathlib import Path

KEPT = Path(__file__).resolve().parents[2] / "var" / "bench"
WIDTH, HEIGHT, COLUMNS, LEFT, BELOW, ABOVE = 250, 170, 4, 44, 26, 30
STYLE = """
text { font: 11px sans-serif; fill: #222 } .name { font-weight: 600 } .axis { stroke: #bbb }
polyline { fill: none; stroke-width: 2 } .sqlite { stroke: #0b6fa4; fill: #0b6fa4 }
.postgresql { stroke: #b3541e; fill: #b3541e } text.sqlite, text.postgresql { stroke: none } polyline { fill: none }
"""

Points = dict[int, float]  # articles → milliseconds of CPU per request


def lines(reports: list[Path]) -> dict[str, dict[str, Points]]:
    """Page → engine → points."""
    found: dict[str, dict[str, Points]] = defaultdict(lambda: defaultdict(dict))
    for path in sorted(reports):
        told = json.loads(path.read_text("utf-8"))
        facts = told["facts"]
        for row in told["rows"]:
            name = "category, far down" if row["name"].startswith("category, from") else row["name"]
            found[name][facts["database"]][facts["articles"]] = row["cpu"]
    return found


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
    (KEPT / "growth.svg").write_text(drawn(lines(reports)), "utf-8")
    sys.stdout.write(f"Drawn as {KEPT / 'growth.svg'}\n")


if __name__ == "__main__":
    main()
