"""What people should know of the reading of a model: notes, and reasons why the snapshot is not whole."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from riskgate.errors import Place
from riskgate.sources.ifc.facts import Element, Model, Remark
from riskgate.sources.made import SourceNote
from riskgate.text import Text

LONGEST = 40
"""A longer name is one that a program made up."""
SHOWN = 6
"""So many names are listed; the rest is a number."""


@dataclass
class Telling:
    """Collects what is to be said of one model."""

    file: str
    notes: list[SourceNote] = field(default_factory=list)
    incomplete: list[str] = field(default_factory=list)

    def note(self, code: str, message: Text, count: int = 1) -> None:
        self.notes.append(SourceNote(code, message, Place(self.file), count))

    def missing(self, code: str, message: Text, count: int = 1) -> None:
        """A note that is a reason too: nothing may pass on this snapshot."""
        self.note(code, message, count)
        self.incomplete.append(f"{self.file}: {message}")


def named(element: Element) -> str:
    """How an element is called where people read it: by its name, or by its GlobalId where that is better."""
    name = " ".join(part for part in (element.name, element.long_name) if part)
    return name if 0 < len(name) <= LONGEST else element.guid


def listed(names: Iterable[str]) -> Text:
    """The first names, and how many more there are."""
    number = Counter(names)
    said = [name if count == 1 else f"{name} × {count}" for name, count in sorted(number.items())]
    more = len(said) - SHOWN
    if more <= 0:
        return Text("、".join(said), ", ".join(said))
    return Text(f"{'、'.join(said[:SHOWN])} 等", f"{', '.join(said[:SHOWN])} and {more} more")


def places(number: int) -> Text:
    return Text(f"{number} 处", "1 place" if number == 1 else f"{number} places")


def tell_model(model: Model, telling: Telling, *, violations_count: bool) -> None:
    """What the reader of the model itself remarked."""
    for remark in model.doubts:
        number = len(remark.elements)
        if remark.code == "doubled-guid":
            message = Text(
                f"{number} 个 GlobalId 重复（{remark.detail}）", f"{number} GlobalIds are there twice ({remark.detail})"
            )
        else:
            message = Text(
                f"{number} 处不符合 {model.schema}（{remark.detail}）",
                f"{number} places break the schema {model.schema} ({remark.detail})",
            )
        if remark.code == "schema-violation" and not violations_count:
            telling.note(remark.code, message, number)
        else:
            telling.missing(remark.code, message, number)
    for remark in model.remarks:
        _remark(remark, telling)
    curtains = model.counts.get("IfcCurtainWall", 0)
    if curtains:
        message = Text(
            f"{curtains} 个幕墙没有读作窗，未列入", f"{curtains} curtain walls are not read as windows and are left out"
        )
        telling.missing("curtain-wall", message, curtains)


def _remark(remark: Remark, telling: Telling) -> None:
    number = len(remark.elements)
    if remark.code == "no-shape":
        message = Text(f"{number} 个构件的几何无法生成", f"the shapes of {number} elements cannot be made")
    elif remark.code == "missing-attribute":
        message = Text(
            f"{number} 处缺少标准要求的属性（{remark.detail}）",
            f"what the schema asks for is not there in {number} places ({remark.detail})",
        )
    elif remark.code == "unknown-unit":
        message = Text(
            f"`{remark.detail}` 有 {number} 处单位不明，未采用",
            f"`{remark.detail}` has no known unit in {number} places and was not used",
        )
    else:
        message = Text(
            f"文字里有非 ASCII 字节，不合标准，按 {remark.detail} 读取",
            f"its texts hold bytes beyond ASCII, which the format forbids; read as {remark.detail}",
        )
    telling.note(remark.code, message, max(number, 1))


def names_of(elements: Sequence[Element]) -> Text:
    return listed(named(one) for one in elements)


def short(value: object) -> str:
    """A value as people read it."""
    return f"{value:.6g}" if isinstance(value, float) else str(value)
