"""`riskgate snapshot`: snapshots from where facts live. Each way in is a command of its own."""

from importlib import import_module

import click

from riskgate.cli.commands import LazyGroup, Maker, language_options
from riskgate.text import Text


def snapshot_command() -> click.Command:
    return LazyGroup(
        name="snapshot",
        summary=Text(
            "从模型、台账和别的快照做出一份快照。", "Makes a snapshot from models, ledgers and other snapshots."
        ),
        params=language_options(),
        no_args_is_help=False,  # that would be an error whose text is the help
        makers={
            "from-ifc": (
                Text("从建筑模型（IFC）", "from building models (IFC)"),
                _made_by("modelling", "from_ifc_command"),
            ),
            "from-xlsx": (Text("从 Excel 台账", "from ledgers in Excel"), _made_by("ledgers", "from_xlsx_command")),
            "from-csv": (Text("从 CSV 台账", "from a ledger in CSV"), _made_by("ledgers", "from_csv_command")),
            "merge": (Text("把几份快照合成一份", "several snapshots into one"), _made_by("merging", "merge_command")),
        },
    )


def _made_by(module: str, name: str) -> Maker:
    """Makes a command out of its module, which is imported when somebody asks for the command."""

    def make() -> click.Command:
        command: click.Command = getattr(import_module(f"riskgate.cli.{module}"), name)()
        return command

    return make
