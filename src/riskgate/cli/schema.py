"""`riskgate schema`: the JSON Schema of what goes in and what comes out."""

import click

from riskgate.cli.commands import Command, OneOf, common_options, session
from riskgate.cli.session import put
from riskgate.text import Text

KINDS = (
    *("snapshot", "pack", "overlay", "waiver", "report", "comparison"),
    *("lifecycle", "vocabulary", "references"),
)


def schema_command() -> click.Command:
    return Command(
        name="schema",
        summary=Text(
            "打印 JSON Schema（2020-12），供编辑器和导出程序使用。",
            "Prints a JSON Schema (2020-12), for editors and exporters.",
        ),
        arguments=[
            (
                "|".join(KINDS),
                Text(
                    "快照（按当前词汇表）、规则包、覆盖文件、豁免文件、报告、比较结果，或生命周期、词汇表、参考文件",
                    "a snapshot (by the loaded vocabulary), a pack, an overlay, a waiver file, a report, a comparison; "
                    "or a file that packs build on",
                ),
            )
        ],
        example="riskgate schema snapshot > snapshot.schema.json",
        callback=_schema,
        params=[
            click.Argument(["kind"], metavar="|".join(KINDS), type=OneOf("schema", KINDS)),
            *common_options(),
        ],
    )


def _schema(*, kind: str) -> None:
    import orjson  # noqa: PLC0415 - keeps --version fast

    if kind == "report":
        from riskgate.report_schema import report_json_schema  # noqa: PLC0415 - the same

        found = report_json_schema()
    elif kind == "comparison":
        from riskgate.comparison_schema import comparison_json_schema  # noqa: PLC0415 - the same

        found = comparison_json_schema()
    elif kind in {"lifecycle", "vocabulary", "references"}:
        from riskgate import base_schema  # noqa: PLC0415 - the same

        found = getattr(base_schema, f"{kind}_json_schema")()
    elif kind == "pack":
        from riskgate.pack_schema import pack_json_schema  # noqa: PLC0415 - the same

        library = session().load().library
        found = pack_json_schema(library.lifecycle, library.vocabulary, library.references)
    elif kind == "overlay":
        from riskgate.overlay_schema import overlay_json_schema  # noqa: PLC0415 - the same

        library = session().load().library
        off = [one.rule for one in library.applied.disabled]
        found = overlay_json_schema(library.lifecycle, library.vocabulary, library.references, library.packs, off)
    elif kind == "waiver":
        from riskgate.load.waivers import rules_of  # noqa: PLC0415 - the same
        from riskgate.waiver_schema import waiver_json_schema  # noqa: PLC0415 - the same

        found = waiver_json_schema(rules_of(session().load().library).values())
    else:
        from riskgate.snapshot import json_schema  # noqa: PLC0415 - the same

        library = session().load().library
        found = json_schema(library.vocabulary, library.lifecycle)
    put(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
