"""The format `html`: one file that holds everything, asks nobody for anything, and runs nothing but its own script.

Whatever comes from a report is in the data, which the script shows as text; a policy in the page's head allows exactly
this script and this style sheet, by their hashes, and no request at all.
"""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

import orjson

from riskgate.render.escape import visible
from riskgate.render.formats import Reader
from riskgate.render.html.data import page_data
from riskgate.render.html.plain import plain_list
from riskgate.render.table import verdict_of
from riskgate.report import Report

SCRIPTS = ("base", "items", "filter", "head", "picture", "matrix", "floors", "list", "cards", "paper", "foot", "main")
"""The parts of the script, in the order in which they stand in the page."""
LANGUAGES = {"zh": "zh-CN", "en": "en"}


def html(report: Report, reader: Reader) -> bytes:
    """The report as a page; the same bytes for the same report and reader."""
    style, script = style_sheet(), script_text()
    title = f"{visible(report.project_name or report.project_id)} · {verdict_of(report).to(reader.lang)} · riskgate"
    parts = (
        f'<!DOCTYPE html>\n<html lang="{LANGUAGES[reader.lang]}">\n<head>\n<meta charset="utf-8">\n',
        f'<meta http-equiv="Content-Security-Policy" content="{policy(style, script)}">\n',
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
        '<meta name="referrer" content="no-referrer">\n<link rel="icon" href="data:,">\n',
        f"<title>{escape(title)}</title>\n<style>{style}</style>\n</head>\n<body>\n",
        f'<div id="app" hidden></div>\n<noscript>{plain_list(report, reader)}</noscript>\n',
        '<script type="application/json" id="data">',
    )
    tail = f"</script>\n<script>{script}</script>\n</body>\n</html>\n"
    return b"".join(("".join(parts).encode(), data_text(report, reader), tail.encode()))


def data_text(report: Report, reader: Reader) -> bytes:
    """The data as JSON in which nothing can end the element that holds it."""
    return orjson.dumps(page_data(report, reader)).replace(b"<", b"\\u003c")


def policy(style: str, script: str) -> str:
    """The Content Security Policy: nothing but this style sheet, this script and the empty icon."""
    return (
        f"default-src 'none'; script-src '{_hash(script)}'; style-src '{_hash(style)}'; img-src data:; "
        "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
    )


@cache
def script_text() -> str:
    body = "\n".join(_part(f"script/{name}.js") for name in SCRIPTS)
    return f'\n(() => {{\n"use strict";\n{body}}})();\n'


@cache
def style_sheet() -> str:
    return "\n" + _part("page.css")


def _part(name: str) -> str:
    """A file beside this module. A browser reads line ends as `\\n` before it hashes, whatever the file has."""
    return files(__package__).joinpath(name).read_text(encoding="utf-8").replace("\r\n", "\n")


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
