"""`riskgate nodes` and `riskgate rules`: what there is, as a table or as JSON."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from riskgate.cli.commands import Command, OneOf, Option, common_options, session
from riskgate.cli.output import LISTS
from riskgate.cli.session import put
from riskgate.errors import ChoiceError, Problem, suggestion
from riskgate.pack import SEVERITIES
from riskgate.text import Text

if TYPE_CHECKING:
    from riskgate.load.library import Library
    from riskgate.render.catalog import Entry


def nodes_command() -> click.Command:
    return Command(
        name="nodes",
        summary=Text(
            "列出生命周期节点：编号、名称、牵头部门、把关的规则数和前置节点。",
            "Lists the lifecycle nodes: code, title, leading department, how many rules gate each, what comes before.",
        ),
        example="riskgate nodes --format json",
        callback=_nodes,
        params=[_format_option(), *common_options()],
    )


def rules_command() -> click.Command:
    def narrow(name: str, zh: str, en: str, metavar: str) -> Option:
        return Option(name, Text(zh, en), metavar=metavar)

    return Command(
        name="rules",
        summary=Text("列出规则，可筛选。", "Lists the rules, all or some."),
        example="riskgate rules --node N10 --severity blocking",
        callback=_rules,
        params=[
            narrow("--pack", "只列这个规则包的规则。", "Only the rules of this pack.", "NAME"),
            narrow("--node", "只列把关这个节点的规则。", "Only the rules that gate this node.", "ID"),
            narrow("--theme", "只列这个客户主题的规则。", "Only the rules of this theme.", "ID"),
            narrow("--entity", "只列检查这种对象的规则。", "Only the rules about this kind of entity.", "TYPE"),
            narrow("--severity", "只列这个等级的规则。", "Only the rules of this severity.", "|".join(SEVERITIES)),
            Option(
                "--coverage",
                Text(
                    "不列规则，而是列出每个节点有多少规则把关，哪些节点没有。",
                    "Instead of the rules, how many of them gate each node, and which nodes none gates.",
                ),
                is_flag=True,
            ),
            _format_option(),
            *common_options(),
        ],
    )


def _format_option() -> Option:
    return Option(
        "--format",
        Text("输出格式；不写则为 table。", "How to write the list; a table if left out."),
        into="form",
        metavar="|".join(LISTS),
        type=OneOf("--format", LISTS),
        default="table",
    )


def _nodes(*, form: str) -> None:
    from riskgate.render.catalog import entries, node_values, show_nodes  # noqa: PLC0415 - keeps --version fast

    library = session().load().library
    found = entries(library.packs)
    if form == "json":
        _put_json(node_values(library.lifecycle, found))
        return
    page = session().page()
    show_nodes(page, library.lifecycle, found)
    put(page.text())


def _rules(*, form: str, coverage: bool, **wanted: str | None) -> None:
    from riskgate.render.catalog import entries, show_rules  # noqa: PLC0415 - keeps --version fast

    library = session().load().library
    found = _narrowed(library, entries(library.packs), wanted)
    if coverage:
        _coverage(library, found, form)
        return
    if form == "json":
        _put_json([entry.as_dict() for entry in found])
        return
    page = session().page()
    show_rules(page, library.lifecycle, found)
    put(page.text())


def _coverage(library: "Library", found: Sequence["Entry"], form: str) -> None:
    from riskgate.render.coverage import coverage_values, show_coverage  # noqa: PLC0415 - keeps --version fast

    if form == "json":
        _put_json(coverage_values(library.lifecycle, found))
        return
    page = session().page()
    show_coverage(page, library.lifecycle, found)
    put(page.text())


def _narrowed(library: "Library", found: Sequence["Entry"], wanted: dict[str, str | None]) -> Sequence["Entry"]:
    """The rules that every given filter lets through. Raises ChoiceError for a name that stands for nothing."""
    known: dict[str, set[str]] = {
        "pack": {pack.name for pack in library.packs},
        "node": set(library.lifecycle.by_name),
        "theme": set(library.references.themes).union(entry.theme for entry in found if entry.theme),
        "entity": set(library.vocabulary.entities),
        "severity": set(SEVERITIES),
    }
    problems = []
    for kind, name in wanted.items():
        if name is None:
            continue
        if name not in known[kind]:
            message = Text(f"--{kind} `{name}` 不存在", f"there is no {kind} `{name}`")
            problems.append(Problem(f"unknown-{kind}", message, help=suggestion(name, known[kind])))
            continue
        node = library.lifecycle.by_name[name].id if kind == "node" else ""
        found = [entry for entry in found if (node in entry.nodes if node else _value(entry, kind) == name)]
    if problems:
        session().subject = None
        raise ChoiceError(problems)
    return found


def _value(entry: "Entry", kind: str) -> str | None:
    return entry.pack.name if kind == "pack" else getattr(entry, kind)


def _put_json(value: Any) -> None:
    import orjson  # noqa: PLC0415 - only JSON needs it

    put(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
