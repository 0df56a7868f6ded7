"""Seeds for the ways in: small ledgers, templates, models, pairs of files."""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from fuzz.company import BASE, ROOT, SEPARATOR, gate, written
from fuzz.importers import PRICES, house, houses
from fuzz.parts import parts_of
from riskgate import Gate, sources
from riskgate.render.formats import Reader, render

LEDGERS: Mapping[str, str] = {
    "prices": PRICES,
    "unit-areas": '房号,楼层,建筑面积（㎡）,实测面积\n3-0801,8,89.5,"1,089.50"\n3-0802,８,95㎡,/\n合计,,184.5,\n',
    "permits": "证照名称,证号,状态,发证日期,覆盖楼栋\n预售许可证,Y-1,已取得,2026年11月2日,3、4号楼\n",
    "adverse-factors": "不利因素,位置,距住宅距离,受影响房号\n变电站,红线内,12.5m,3-0801;3-0802\n地铁,红线外,200m,无\n",
    "unit-acceptance": "楼栋,单元,房号,验收结果\n3,1,801,通过\n3#,一单元,0802,未通过\n",
    "measurements": "房号,检测项目,房间,设计值,实测值,极差\n3-0801,室内净高,客厅,2800,2.79m,15\n",
    "defects": "编号,房号,类别,严重度,整改期限\nD1,3-0801,漏水,严重,2026-11-30\nD2,3-0802,裂缝,轻微,2026/1/2\n",
    "complaints": "编号,房号,渠道,投诉时间,有效投诉,答复日期\nC1,3-0801,热线,2026-11-20 09:30,是,2026-11-21\n",
}
FORMS = """\
version: 1
words: {yes: [是, y], no: [否], missing: [/, 暂缺], empty: [无], totals: [合计], examples: [示例]}
units:
  m2: {title: {zh: ㎡, en: m²}, written: {㎡: 1, 平方米: 1, 亩: 666.67}}
  yuan: {written: {元: 1, 万元: 10000}}
ids:
  building: {strip: [号楼, "#"], same: {a: "1"}}
  stair_unit: {strip: [单元], same: {一: "1"}}
  unit: {strip: [室], read: ['(?P<building>[0-9]+)-(?P<unit>[0-9]+)'], write: "{building}-{unit}"}
ledgers:
  prices:
    title: {zh: 户, en: Flats}
    sheets: [一房一价]
    entity: unit
    columns:
      building: {headers: [楼栋]}
      stair_unit: {headers: [单元]}
      unit: {headers: [房号], required: true}
      area_result.contract_area_m2: {headers: [建筑面积], unit: ㎡, between: [10, 1000]}
      unit.sale_status: {headers: [销售状态], words: {可买: unsold}}
    adds: false
    unread: [备注]
"""
IFC_MAP = """\
version: 1
tolerance: {length_m: 0.01, area_share: 0.02}
encoding: gb18030
reach_m: 0.8
units: {zones: ['(?P<id>[A-Z][0-9]+)'], rest: left_out, whole: A1}
storeys: {floors: ['(?P<floor>[0-9]+)F', {pattern: 'Level (?P<floor>[0-9]+)', plus: 0}, {pattern: Roof, is: 9}]}
rooms: {kinds: {bathroom: [洗手间]}, fillers: [主], elsewhere: [shaft]}
fields: {room: {usable_area_m2: {quantities: [NetFloorArea], geometry: floor_area}}}
"""
PROJECT = """\
id: P-1
name: 滨江府
as_of: 2026-11-20
utc_offset: "+08:00"
permits: [{id: Y1, issued_on: 2026-10-01}]
"""
DECISIONS = """\
# prefer b
decisions:
  - {entity: "buildings[1]", field: height_m, take: a, decided_by: 张三, reason: 以竣工图为准, decided_on: 2026-11-01}
  - {entity: "buildings[*]/flats[*]/rooms[K]", field: area, value: 3.9, decided_by: 李四, reason: 复测}
"""


def _bytes(data: Any) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode()


def _csv() -> Iterator[bytes]:
    for name, text in LEDGERS.items():
        yield f"entity={name} into\n{text}".encode()
        yield f"entity={name} project=P at.phase=1 at.stair_unit=1 at.building=3\n{text}".encode()
    yield b"entity=prices into encoding=gb18030\n" + PRICES.encode("gb18030")
    yield b"entity=prices into delimiter=;\n\xef\xbb\xbf" + PRICES.replace(",", ";").encode()


def _ledgers() -> Iterator[bytes]:
    from openpyxl import Workbook  # noqa: PLC0415 - only seeds need it

    for name, text in LEDGERS.items():
        book = Workbook()
        sheet: Any = book.active
        sheet.title = "台账"
        for row, line in enumerate(text.splitlines(), 1):
            for column, word in enumerate(line.split(","), 1):
                cell = sheet.cell(row, column, float(word) if word.replace(".", "").isdigit() else word)
                cell.number_format = "0%" if column == 3 else "General"  # noqa: PLR2004 - one column will do
        sheet.merge_cells("A2:A3")
        hidden = book.create_sheet("旧")
        hidden.sheet_state = "hidden"
        parts = _parts(book)
        yield f"entity={name} into\n".encode() + parts
        yield b"into\n" + parts.replace(b"<v>", b"<f>1+1</f><v>", 2)
    for names in (["permit"], ["complaint"]):
        yield from _template(names)


def _template(names: list[str]) -> Iterator[bytes]:
    from openpyxl import load_workbook  # noqa: PLC0415 - only seeds need it

    content = sources.write_template(names, gate=Gate.load())
    yield b"project=P at.phase=1 at.building=3 at.stair_unit=1\n" + parts_of(content)
    book = load_workbook(io.BytesIO(content))
    sheet = book.worksheets[0]
    for column in range(2, sheet.max_column + 1):
        sheet.cell(3, column, sheet.cell(2, column).value)
    yield b"project=P at.phase=1 at.building=3 at.stair_unit=1\n" + _parts(book)
    yield b"into\n" + _parts(book)


def _parts(book: Any) -> bytes:
    saved = io.BytesIO()
    book.save(saved)
    return parts_of(saved.getvalue())


def _maps() -> Iterator[bytes]:
    yield FORMS.encode()
    yield FORMS.encode() + SEPARATOR + b"entity=unit into\n" + PRICES.encode()
    bundled = (ROOT / "rules" / "sources" / "ledgers.yaml").read_bytes()
    yield bundled
    yield bundled + SEPARATOR + b"entity=permits project=P\n" + LEDGERS["permits"].encode()


def _merges() -> Iterator[bytes]:
    sound, blocked = (json.loads((BASE / name).read_text(encoding="utf-8")) for name in ("sound.json", "blocked.json"))
    for one, other in ((sound, blocked), (sound, sound), (blocked, sound)):
        yield SEPARATOR.join((_bytes(one), _bytes(other), DECISIONS.encode()))
    made = sources.merge({"a": sound, "b": blocked}, gate=gate(), as_of="2026-11-20")
    yield SEPARATOR.join((made.to_json(), _bytes(sound), DECISIONS.encode()))
    yield SEPARATOR.join((made.to_json(), made.to_json(), b""))


def _comparisons() -> Iterator[bytes]:
    paths = (BASE / "sound.json", BASE / "blocked.json")
    reports = [gate().check(path, waivers=BASE / "waivers.yaml").to_json() for path in paths]
    for one in reports:
        for other in reports:
            yield one + SEPARATOR + other


def _workbooks() -> Iterator[bytes]:
    report = gate().check(BASE / "blocked.json")
    for lang in ("zh", "en"):
        workbook = render(report, "xlsx", Reader(lang=lang))
        yield workbook
        yield parts_of(workbook)
    yield _filled(render(report, "xlsx", Reader(lang="zh")))


def _filled(workbook: bytes) -> bytes:
    """A list of risks in which somebody wrote."""
    import warnings  # noqa: PLC0415 - only here

    from openpyxl import load_workbook  # noqa: PLC0415 - only seeds need it

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says what it does not know and drops
        book = load_workbook(io.BytesIO(workbook))
    sheet = book["风险清单"]
    for column in range(1, sheet.max_column + 1):
        cell = sheet.cell(2, column)
        if cell.value is None:
            cell.value = "2026-11-30" if "期" in str(sheet.cell(1, column).value) else "已整改"
    return _parts(book)


def _models() -> Iterator[bytes]:
    yield from houses()
    yield houses()[2].replace(b"'1'", b"'\\X2\\53A8623F\\X0\\'").replace(b"\n", b"\r\n", 5)
    yield houses()[2].replace(b"DATA;", b"DATA; /* a 'comment' */").replace(b"'House'", "'厨房'".encode())


def _answers() -> Iterator[bytes]:
    from dataclasses import asdict  # noqa: PLC0415 - only here

    from riskgate.sources.ifc.child import read  # noqa: PLC0415 - only here

    yield _bytes({"model": asdict(house())})
    for model in (*houses(), houses()[0][:500], houses()[2].replace(b"#1=", b"#2=")):
        path = written(model, "seed.ifc")
        yield _bytes(read({"path": str(path), "wanted": ["Flat", "ClearWidth"], "reach": 0.6, "encoding": "utf-8"}))
    yield _bytes({"failed": "memory"})


def _files() -> Iterator[bytes]:
    bundled = (ROOT / "rules" / "sources" / "ifc.yaml").read_bytes()
    for one in (IFC_MAP.encode(), b"", bundled):
        yield one + SEPARATOR + PROJECT.encode()
        yield one


SEEDS: Mapping[str, Callable[[], Iterator[bytes]]] = {
    "workbook": _workbooks,
    "csv": _csv,
    "ledger": _ledgers,
    "ledgermap": _maps,
    "merge": _merges,
    "compare": _comparisons,
    "step": _models,
    "ifcmodel": _models,
    "ifcanswer": _answers,
    "ifcfiles": _files,
}
