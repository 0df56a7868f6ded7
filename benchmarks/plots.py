"""Charts as SVG, drawn here: a plot of a handful of points needs no library.

Each has its own background, light or dark as the reader's system is, so that it can be read on any page.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

WIDTH, HEIGHT = 800, 450
LEFT, RIGHT, TOP, BOTTOM = 84, 28, 92, 62
NAMES_WIDTH = 280
"""Where the bars begin: their names stand to the left."""
BAR = 30
COLOURS = (("#1f5fa8", "#7db8f5"), ("#b84a10", "#f0a068"), ("#25713f", "#7fd09b"), ("#7b3f98", "#cda0e4"))
"""Of each line, on a light and on a dark background."""
DASHES = ("", "7 4", "2 4", "10 4 2 4")

Point = Sequence[float]
"""(x, y), or (x, y, least y, greatest y)."""


@dataclass(frozen=True)
class Plot:
    """Named lines of points. A logarithmic plot (both axes) suits what grows by factors. Axis names say the unit."""

    name: str
    zh: str
    en: str
    x: str
    y: str
    lines: dict[str, list[Point]] = field(default_factory=dict)
    log: bool = False


@dataclass(frozen=True)
class Bars:
    """Named values side by side; those of `own` stand out, those of `plain` stand back."""

    name: str
    zh: str
    en: str
    x: str
    values: dict[str, float]
    own: Sequence[str] = ()
    plain: Sequence[str] = ()
    log: bool = True


def svg(plot: Plot | Bars) -> str:
    """The chart, readable without colours: lines differ in dashes and marks, too."""
    return _lines(plot) if isinstance(plot, Plot) else _bars(plot)


def _lines(plot: Plot) -> str:
    points = [point for line in plot.lines.values() for point in line]
    across = _Axis([point[0] for point in points], LEFT, WIDTH - RIGHT, log=plot.log)
    up = _Axis([y for point in points for y in point[1:]], HEIGHT - BOTTOM, TOP, log=plot.log)
    parts = [
        *_head(plot, HEIGHT),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, _axis_name(plot.x, log=plot.log), "m"),
        f'<g transform="translate(20 {(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)">',
        f"{_text(0, 0, _axis_name(plot.y, log=plot.log), 'm')}</g>",
    ]
    for value in up.ticks:
        at = up.place(value)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" class="g"/>')
        parts.append(_text(LEFT - 8, at + 5, _shown(value), "e"))
    for value in across.ticks:
        at = across.place(value)
        parts.append(f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" class="g"/>')
        parts.append(_text(at, HEIGHT - BOTTOM + 20, _shown(value), "m"))
    start = float(LEFT)
    for number, (label, line) in enumerate(plot.lines.items()):
        parts.append(f'<path d="M{start} 68h34" class="l c{number}"/>{_mark(number, start + 17, 68)}')
        parts.append(_text(start + 42, 73, label, ""))
        start += 62 + 8.2 * len(label)
        path = " ".join(f"{across.place(point[0]):.1f},{up.place(point[1]):.1f}" for point in line)
        parts.append(f'<polyline points="{path}" class="l c{number}"/>')
        for x, y, *spread in line:
            at = across.place(x)
            if spread:
                parts.append(
                    f'<path d="M{at:.1f} {up.place(spread[0]):.1f}V{up.place(spread[1]):.1f}" class="c{number}"/>'
                )
            parts.append(_mark(number, at, up.place(y), f"{label}: {_shown(x)}, {_shown(y)}"))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bars(plot: Bars) -> str:
    height = 100 + BAR * len(plot.values) + BOTTOM
    bottom = height - BOTTOM
    along = _Axis(list(plot.values.values()), NAMES_WIDTH, WIDTH - RIGHT - 70, log=plot.log)
    parts = _head(plot, height)
    for value in along.ticks:
        at = along.place(value)
        parts.append(f'<path d="M{at:.1f} 64V{bottom}" class="g"/>{_text(at, bottom + 20, _shown(value), "m")}')
    parts.append(_text((NAMES_WIDTH + WIDTH - RIGHT) / 2, height - 14, _axis_name(plot.x, log=plot.log), "m"))
    for number, (name, value) in enumerate(plot.values.items()):
        top, end = 76 + BAR * number, along.place(value)
        kind = "own" if name in plot.own else "plain" if name in plot.plain else "other"
        length = max(end - NAMES_WIDTH, 2)
        parts.append(_text(NAMES_WIDTH - 10, top + 16, name, "e"))
        parts.append(f'<rect x="{NAMES_WIDTH}" y="{top}" width="{length:.1f}" height="{BAR - 9}" class="{kind}"/>')
        parts.append(_text(NAMES_WIDTH + length + 6, top + 16, _shown(value), ""))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _head(plot: Plot | Bars, height: float) -> list[str]:
    return [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" role="img" '
            f'font-family="system-ui,sans-serif" font-size="14">'
        ),
        f"<title>{escape(plot.zh)} / {escape(plot.en)}</title>",
        _style(),
        f'<rect width="{WIDTH}" height="{height}" class="b"/>',
        f'<text x="20" y="30" font-size="17">{escape(plot.zh)} / {escape(plot.en)}</text>',
    ]


def _style() -> str:
    light, dark = (
        "".join(f".c{number}{{stroke:{pair[side]};fill:{pair[side]}}}" for number, pair in enumerate(COLOURS))
        for side in (0, 1)
    )
    dashes = "".join(f".l.c{number}{{stroke-dasharray:{dash}}}" for number, dash in enumerate(DASHES) if dash)
    return (
        "<style>text{fill:#222}.m{text-anchor:middle}.e{text-anchor:end}.b{fill:#fff}.g{stroke:#ddd}"
        f".own{{fill:#1f5fa8}}.other{{fill:#b8a184}}.plain{{fill:#c4c4c4}}{light}.l{{fill:none;stroke-width:2.2}}{dashes}"
        "@media(prefers-color-scheme:dark){text{fill:#e4e4e4}.b{fill:#1c1f24}.g{stroke:#3b4048}"
        f".own{{fill:#7db8f5}}.other{{fill:#8d7a5f}}.plain{{fill:#666c75}}{dark}.l{{fill:none}}}}</style>"
    )


def _text(x: float, y: float, text: str, anchor: str) -> str:
    kind = f' class="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{kind}>{escape(text)}</text>'


def _mark(number: int, x: float, y: float, title: str = "") -> str:
    shapes = (
        "m-4.5 0a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0-9 0",
        "m-4-4h8v8h-8z",
        "m0-5.5l5.2 9h-10.4z",
        "m0-5.5l5.5 5.5l-5.5 5.5l-5.5-5.5z",
    )
    hint = f"<title>{escape(title)}</title>" if title else ""
    return f'<path d="M{x:.1f} {y:.1f}{shapes[number]}" class="c{number}{" p" if title else ""}">{hint}</path>'


def _axis_name(name: str, *, log: bool) -> str:
    return f"{name}（对数 / log）" if log else name


class _Axis:
    """Where values stand between two ends; from 0, or logarithmic from a round number to a round number."""

    def __init__(self, values: Sequence[float], start: float, end: float, *, log: bool) -> None:
        self._log = log
        self._start, self._end = start, end
        low, high = min(values), max(values)
        if log:
            decades = math.log10(high / low)
            powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
            every = [(10.0**power * factor, factor) for power in powers for factor in (1, 2, 5)]
            first = max((tick for tick, _ in every if tick <= low), default=every[0][0])
            last = min((tick for tick, _ in every if tick >= high and tick > first), default=every[-1][0])
            self.ticks = [tick for tick, factor in every if first <= tick <= last and (decades <= 2.2 or factor == 1)]
            ends = (first, last)
        else:
            step = _step(high / 5)
            self.ticks = [number * step for number in range(max(math.ceil(high / step - 1e-9), 1) + 1)]
            ends = (0.0, self.ticks[-1])
        self._low, self._high = (self._scaled(end) for end in ends)

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self._log else value

    def place(self, value: float) -> float:
        share = (self._scaled(value) - self._low) / (self._high - self._low)
        return self._start + share * (self._end - self._start)


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.3g}"
