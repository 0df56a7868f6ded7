"""What the text of a model must be before any library may read it."""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from riskgate.sources.ifc.step import Fault, counted, scan

DUPLEX = Path(__file__).parent.parent.parent / "shared" / "data" / "Duplex_A_20110907.ifc"
CUTS = max(20, int(os.environ.get("RISKGATE_EXAMPLES", "0")))
HEAD = (
    "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION(('x'),'2;1');\nFILE_NAME('n','2026-01-31T10:00:00',(''),(''),'','','');\n"
)
SCHEMA = "FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n"
END = "ENDSEC;\nEND-ISO-10303-21;\n"
SOUND = """#1=IFCORGANIZATION($,'a;(''#9',$,$,$);
#2= IFCX ( #1 , *,(.T.,1.E-009,-2,"0F"), IFCLABEL('x'), ((#1,#1),()) ) ;
"""


def text(data: str = SOUND, head: str = HEAD + SCHEMA, end: str = END) -> bytes:
    return (head + data + end).encode()


def kinds(data: bytes) -> list[str]:
    return [fault.kind for fault in scan(data).faults]


def test_a_sound_text_says_what_is_in_it() -> None:
    said = scan(text())
    assert not said.faults
    assert (said.schema, said.written_on) == ("IFC4", "2026-01-31")
    assert said.ids == {1, 2}
    assert dict(said.types) == {"IFCORGANIZATION": 1, "IFCX": 1}


def test_line_ends_comments_and_a_byte_order_mark_do_not_matter() -> None:
    assert not kinds(b"\xef\xbb\xbf" + text().replace(b"\n", b"\r\n"))
    assert not kinds(text("/* ' #7 ; */\n" + SOUND + "#3=IFCX('/* no comment'); /* one more */"))


def test_programs_write_the_head_in_many_ways() -> None:
    head = "ISO-10303-21;\nHEADER;\nFILE_NAME ('a;b', $,($),(''),'','', $) ;\nFILE_SCHEMA ( ('IFC2X3') );\n"
    said = scan(text(head=head + "ENDSEC;\nDATA;\n"))
    assert (said.faults, said.schema, said.written_on) == ([], "IFC2X3", "")


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (b"", "no-start"),
        (b"PK\x03\x04", "no-start"),
        (b"\x00" * 50, "no-start"),
        (text(end="ENDSEC;\n"), "no-end"),
        (text(end="ENDSEC;\nEND-ISO-10303-21;\nmore"), "no-end"),
        (text(end="END-ISO-10303-21;"), "not-readable"),
        (text(head=HEAD.replace("HEADER;", "") + SCHEMA), "no-section"),
        (text(head=HEAD + SCHEMA.replace("IFC4", "IFC4X3_ADD2")), "unsupported-schema"),
        (text(head=HEAD + SCHEMA.replace("IFC4", "IFC2X2_FINAL")), "unsupported-schema"),
        (text(head=HEAD + "ENDSEC;\nDATA;\n"), "unsupported-schema"),
        (text(""), "empty"),
        (text(SOUND + "#1=IFCX();\n"), "doubled-id"),
        (text(SOUND + "#3=IFCX(#4);\n"), "dangling-reference"),
        (text(SOUND + "#3=IFCX('a);\n#4=IFCX('b');\n"), "not-readable"),
        (text(SOUND + "#3=IFCX((1,2);\n"), "not-readable"),
        (text(SOUND + "#3=IFCX(1,,2);\n"), "not-readable"),
        (text(SOUND + "#3=IFCX(1,2,);\n"), "not-readable"),
        (text(SOUND + "#3=IFCX(1 2);\n"), "not-readable"),
        (text(SOUND + "#3=IFCX(($,#1));\n"), "not-readable"),
        (text(SOUND + "#3=IFCX(.T);\n"), "not-readable"),
        (text(SOUND + "#3=IFcX(.T.);\n"), "not-readable"),
        (text(SOUND + "#3=IFCX(" + "(" * 50_000 + ")" * 50_000 + ");\n"), "not-readable"),
        (text(SOUND + "&\n"), "not-readable"),
        (text(SOUND + "#3=IFCX('\\X2\\53A8623\\X0\\');\n"), "bad-escape"),
        (text(SOUND + "#3=IFCX('\\X2\\53A8');\n"), "bad-escape"),
        (text(SOUND + "#3=IFCX('a\x07b');\n"), "control-character"),
    ],
)
def test_damage_is_named(data: bytes, found: str) -> None:
    assert found in kinds(data)


def test_a_damaged_line_is_found_by_its_number_and_the_next_ones_are_still_read() -> None:
    said = scan(text("#1=IFCX();\n#2=IFCX(;\n#3=IFCX();\n#4=IFCX((;\n#5=IFCX();\n"))
    assert [(fault.kind, fault.line) for fault in said.faults] == [("not-readable", 9), ("not-readable", 11)]
    assert said.ids == {1, 3, 5}


def test_many_faults_of_a_kind_are_one_line_with_their_number() -> None:
    said = scan(text("#1=IFCX(" + ",".join(f"#{n}" for n in range(2, 500)) + ");\n"))
    assert list(counted(said.faults)) == [(Fault("dangling-reference", 8, "#2"), 498)]


@given(st.integers(1, len(text()) - 2))
@settings(deadline=None)
def test_no_part_of_a_sound_text_is_sound(cut: int) -> None:
    assert kinds(text()[:cut])


@given(st.binary(max_size=200), st.integers(0, len(text())))
@settings(deadline=None)
def test_nothing_makes_the_scanner_fail(noise: bytes, at: int) -> None:
    scan(noise)
    scan(text()[:at] + noise + text()[at:])


@pytest.mark.skipif(not DUPLEX.exists(), reason="the shared model is not here")
def test_every_cut_of_a_real_model_is_noticed() -> None:
    data = DUPLEX.read_bytes()
    assert not scan(data).faults
    places = random.Random(20110907)  # noqa: S311 - a seeded generator is wanted
    cuts = [places.randrange(len(data.rstrip())) for _ in range(CUTS)]
    assert [cut for cut in cuts if not scan(data[:cut]).faults] == []
