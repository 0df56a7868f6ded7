"""What the cells of the workbook look like. Colour never carries meaning alone: every coloured cell has words too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from riskgate.text import Lang

FONTS: Mapping[Lang, str] = MappingProxyType({"zh": "微软雅黑", "en": "Calibri"})
RED, AMBER, BLUE, GREEN, NAVY = "#C00000", "#E6A117", "#5B9BD5", "#70AD47", "#1F3864"
PALE_RED, PALE_AMBER, PALE_BLUE = "#F4A6A6", "#F8D48A", "#AFCFEC"
"""Bars behind numbers, which stay readable."""

_COUNT = '#,##0;-#,##0;"–"'
"""A zero is a dash, so that the numbers stand out."""
_BODY: dict[str, Any] = {"border": 1, "border_color": "#D9D9D9", "text_wrap": True, "valign": "top"}
_TAG: dict[str, Any] = {**_BODY, "bold": True, "align": "center"}
_HEAD: dict[str, Any] = {
    "bold": True,
    "border": 1,
    "border_color": "#FFFFFF",
    "text_wrap": True,
    "align": "center",
    "valign": "vcenter",
}


def _colours(background: str, ink: str) -> dict[str, Any]:
    return {"bg_color": background, "font_color": ink}


STYLES: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        "plain": {},
        "title": {"bold": True, "font_size": 18, "font_color": NAVY, "valign": "vcenter"},
        "section": {"bold": True, "font_size": 12, "font_color": NAVY, "bottom": 2, "bottom_color": NAVY},
        "fact": {"font_color": "#595959", "valign": "top"},
        "value": {"text_wrap": True, "valign": "top"},
        "said": {"text_wrap": True, "valign": "vcenter", "bold": True},
        "warning": {"text_wrap": True, "valign": "top", **_colours("#FFF2CC", "#7F6000")},
        "head": {**_HEAD, **_colours(NAVY, "#FFFFFF")},
        "head fill": {**_HEAD, **_colours("#FFC000", "#3F3000")},
        "head side": {**_HEAD, **_colours("#7F7F7F", "#FFFFFF")},
        "body": _BODY,
        "centre": {**_BODY, "align": "center"},
        "number": {**_BODY, "align": "right", "num_format": _COUNT},
        "date": {**_BODY, "align": "center", "num_format": "yyyy-mm-dd"},
        "fill": {**_BODY, "bg_color": "#FFFBEF"},
        "fill date": {**_BODY, "bg_color": "#FFFBEF", "align": "center", "num_format": "yyyy-mm-dd"},
        "fill choice": {**_BODY, "bg_color": "#FFFBEF", "align": "center"},
        "side": {**_BODY, "font_size": 9, "font_color": "#595959"},
        "id": {**_BODY, "font_size": 8, "font_color": "#8C8C8C", "num_format": "@", "font_name": "Consolas"},
        "blocking": {**_TAG, **_colours("#FFC7CE", "#9C0006")},
        "major": {**_TAG, **_colours("#FFEB9C", "#7F6000")},
        "minor": {**_TAG, **_colours("#DDEBF7", "#1F4E78")},
        "blocked": {**_TAG, **_colours("#FFC7CE", "#9C0006")},
        "held": {**_TAG, **_colours("#F8CBAD", "#843C0C")},
        "unverified": {**_TAG, **_colours("#FFEB9C", "#7F6000")},
        "awaiting": {**_TAG, **_colours("#FFF2CC", "#7F6000")},
        "ungated": {**_TAG, **_colours("#EDEDED", "#595959")},
        "clear": {**_TAG, **_colours("#C6EFCE", "#006100")},
        "waived": {**_BODY, **_colours("#E2EFDA", "#375623")},
        "total": {**_BODY, "bold": True, "align": "right", "num_format": "#,##0", "bg_color": "#F2F2F2"},
        "total label": {**_BODY, "bold": True, "bg_color": "#F2F2F2"},
    }
)
VERDICT: Mapping[str, Mapping[str, Any]] = MappingProxyType(
    {
        state: {**STYLES[state], "font_size": 16, "valign": "vcenter", "border": 0}
        for state in ("blocked", "unverified", "clear")
    }
)
"""How the verdict stands at the top of the summary."""
LATE: Mapping[str, Any] = MappingProxyType({"bold": True, **_colours("#FFC7CE", "#9C0006")})
"""A date that has passed while the risk is not mended."""
DONE: Mapping[str, Any] = MappingProxyType(_colours("#C6EFCE", "#006100"))
MOVING: Mapping[str, Any] = MappingProxyType(_colours("#FFEB9C", "#7F6000"))
FAILED: Mapping[str, Any] = MappingProxyType(_colours("#FFC7CE", "#9C0006"))
