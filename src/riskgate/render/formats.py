"""The formats of a report by name: each a pure function of the report and of who reads it."""

from collections.abc import Callable, Mapping
from dataclasses import field
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from riskgate.record import record
from riskgate.render.words import Labels
from riskgate.text import Lang

if TYPE_CHECKING:
    from riskgate.lifecycle import Lifecycle
    from riskgate.pack import Pack
    from riskgate.places import Places
    from riskgate.report import Report


@record
class Source:
    """The snapshot's own text, for formats that name lines of it."""

    name: str
    text: bytes = b""


@record
class Reader:
    """Who reads the report and what is known beside it. `width` is in columns; a `lifecycle` names stages, leads and
    the order of nodes, `places` all sale units and `packs` the rules in which nothing was found, where the report alone
    (read from JSON) must do without."""

    lang: Lang = "en"
    labels: Labels = field(default_factory=Labels)
    lifecycle: "Lifecycle | None" = None
    source: Source | None = None
    places: "Places | None" = None
    packs: "tuple[Pack, ...]" = ()
    width: int = 100
    color: bool = False


class Format(NamedTuple):
    """Where a format is made (`module:function`), how its files end, whether it names lines of the snapshot,
    whether it draws its sale units, and whether it is no text."""

    maker: str
    suffixes: tuple[str, ...]
    lines: bool = False
    places: bool = False
    binary: bool = False


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "table": Format("riskgate.render.table:table", (".txt",)),
        "json": Format("riskgate.render.json:json", (".json",)),
        "markdown": Format("riskgate.render.markdown:markdown", (".md",)),
        "sarif": Format("riskgate.render.sarif:sarif", (".sarif", ".sarif.json"), lines=True),
        "junit": Format("riskgate.render.junit:junit", (".xml",), lines=True),
        "github": Format("riskgate.render.github:github", (), lines=True),
        "gitlab": Format("riskgate.render.gitlab:gitlab", (), lines=True),
        "html": Format("riskgate.render.html.page:html", (".html", ".htm"), places=True),
        "xlsx": Format("riskgate.render.xlsx:xlsx", (".xlsx",), binary=True),
        "csv": Format("riskgate.render.csv:csv", (".csv",), lines=True),
    }
)


def render(report: "Report", name: str, reader: Reader | None = None) -> bytes:
    """The report in one of `FORMATS`; the same bytes for the same report and reader. Raises KeyError for another name.

    Raises MissingExtraError where the format needs a library that is not installed.
    """
    module, _, function = FORMATS[name].maker.partition(":")
    maker: Callable[[Report, Reader], str | bytes] = getattr(import_module(module), function)
    made = maker(report, reader or Reader())
    return made if isinstance(made, bytes) else made.encode("utf-8", "backslashreplace")


def by_suffix(path: str) -> str:
    """The format that the name of a file asks for; a table where it says nothing."""
    lower = path.lower()
    return next((name for name, known in FORMATS.items() if lower.endswith(known.suffixes)), "table")
