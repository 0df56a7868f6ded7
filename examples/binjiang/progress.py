"""When each lifecycle node was planned and passed, and what the record says on a given day."""

from examples.binjiang.homes import Facts

PASSED = """
N01 2024-11-08  N02 2024-11-22  N03 2025-01-10  N04 2025-01-24  N05 2025-02-18  N06 2025-03-14  N07 2025-04-11
N08 2025-05-12  N09 2025-05-30  N10 2025-06-20  N11 2025-06-27  N12 2025-06-30  N13 2025-07-02  N14 2025-07-04
N15 2025-07-08  N16 2025-08-22  N17 2025-07-18  N18 2025-07-12  N19 2025-09-05  N20 2026-04-10  N21 2026-08-28
N22 2026-09-18  N23 2026-09-30  N24 2026-06-30  N25 2025-07-25  N26 2025-09-20  N27 2025-09-28  N28 2025-09-26
N29 2025-10-10  N30 2025-09-15  N31 2025-10-15  N32 2025-10-18  N33 2025-10-11  N34 2025-10-24  N35 2025-10-24
N36 2025-10-25  N37 2025-11-05  N38 2025-12-31  N39 2026-01-30  N40 2026-01-09  N41 2026-10-28  N42 2026-10-28
N43 2026-03-20  N44 2026-07-18  N45 2026-05-16  N46 2026-11-06  N48 2026-11-02  N49 2026-11-12  N50 2026-11-13
N51 2026-11-20  N52 2026-11-25  N53 2026-11-28  N54 2026-12-16  N47 2026-12-02
N57 2025-11-03
"""
PLANNED = {
    "2025-06-11": {"N10": "2025-06-13", "N11": "2025-06-27", "N12": "2025-06-30", "N13": "2025-07-02"},
    "2025-10-23": {"N20": "2026-04-10", "N34": "2025-10-23", "N35": "2025-10-24", "N36": "2025-10-25"},
    "2026-11-18": {
        "N47": "2026-11-30",
        "N51": "2026-11-19",
        "N52": "2026-11-25",
        "N53": "2026-11-28",
        "N54": "2026-12-15",
        "N55": "2026-12-26",
    },
    "2026-12-28": {"N55": "2026-12-26"},
}
UNDER_WAY = {
    "2025-06-11": ("N10",),
    "2025-10-23": ("N20", "N34"),
    "2026-11-18": ("N47", "N51", "N60"),
    "2026-12-28": ("N55", "N60"),
}


def nodes(as_of: str) -> list[Facts]:
    """The record of all 68 nodes on this day."""
    words = PASSED.split()
    passed = {code: day for code, day in zip(words[::2], words[1::2], strict=True) if day <= as_of}
    planned, under_way = PLANNED[as_of], UNDER_WAY[as_of]
    found = []
    for code in (f"N{number:02}" for number in range(1, 69)):
        status = "passed" if code in passed else "in_progress" if code in under_way else "not_started"
        record = {"id": code, "status": status}
        if code in planned:
            record["planned_on"] = planned[code]
        if code in passed:
            record["passed_on"] = passed[code]
        found.append(record)
    return found
