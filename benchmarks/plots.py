"""Line charts as SVG, drawn here: a plot of a handful of points needs no library."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from html import escape
from typing import Any

WIDTH, HEIGHT = 640, 360
LEFT, RIGHT, TOP, BOTTOM = 70, 170, 44, 50
COLOURS = ("#1f5fa8", "#c2571a", "#2b7a4b", "#7b3f98", "#8a6d00", "#a3324a")


@dataclass(frozen=True)
class Plot:
    """Named lines of (x, y) points. A logarithmic axis suits what grows by factors."""

    name: str
    zh: str
    en: str
    x: str
    y: str
    lines: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    log: bool = False

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def svg(plot: Plot) -> str:
    """The chart, light on any background, readable without colours: each line is named at its end."""
    points = [point for line in plot.lines.values() for point in line]
    across = _Axis([x for x, _ in points], LEFT, WIDTH - RIGHT, log=plot.log)
    up = _Axis([y for _, y in points], HEIGHT - BOTTOM, TOP, log=plot.log)
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
            f'font-family="sans-serif" font-size="12">'
        ),
        f"<title>{escape(plot.en)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18" font-size="14">{escape(plot.zh)}</text>',
        f'<text x="{LEFT}" y="34">{escape(plot.en)}</text>',
        f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 10}" text-anchor="middle">{escape(plot.x)}</text>',
        (
            f'<text x="14" y="{HEIGHT / 2}" text-anchor="middle" transform="rotate(-90 14 {HEIGHT / 2})">'
            f"{escape(plot.y)}</text>"
        ),
    ]
    for value in up.ticks:
        at = up.place(value)
        parts.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{_shown(value)}</text>')
    for value in across.ticks:
        at = across.place(value)
        parts.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{_shown(value)}</text>')
    ends: list[float] = []
    for (label, line), colour in zip(plot.lines.items(), COLOURS, strict=False):
        path = " ".join(f"{across.place(x):.1f},{up.place(y):.1f}" for x, y in line)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        for x, y in line:
            parts.append(
                f'<circle cx="{across.place(x):.1f}" cy="{up.place(y):.1f}" r="3" fill="{colour}">'
                f"<title>{escape(label)}: {_shown(x)}, {_shown(y)}</title></circle>"
            )
        at = up.place(line[-1][1]) + 4
        while any(abs(at - other) < 14 for other in ends):
            at -= 14
        ends.append(at)
        parts.append(
            f'<text x="{across.place(line[-1][0]) + 8:.1f}" y="{at:.1f}" fill="{colour}">{escape(label)}</text>'
        )
    return "\n".join([*parts, "</svg>"]) + "\n"


class _Axis:
    """Where values stand between two ends; from 0, or by powers of ten."""

    def __init__(self, values: Sequence[float], start: float, end: float, *, log: bool) -> None:
        self._log = log
        self._start, self._end = start, end
        if log:
            low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
            self._low, self._high = float(low), float(max(high, low + 1))
            self.ticks = [10.0**power for power in range(low, int(self._high) + 1)]
        else:
            step = _step(max(values) / 5)
            self._low, self._high = 0.0, math.ceil(max(values) / step) * step
            self.ticks = [number * step for number in range(round(self._high / step) + 1)]

    def place(self, value: float) -> float:
        scaled = math.log10(value) if self._log else value
        return self._start + (scaled - self._low) / (self._high - self._low) * (self._end - self._start)


def _step(least: float) -> float:
    power = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= least)


def _shown(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.3g}"
