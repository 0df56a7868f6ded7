"""What fuzzing once found stays found: every input of fuzz/corpus is taken or refused, and crashes nothing."""

from pathlib import Path

import pytest
from fuzz.seeds import CORPUS
from fuzz.targets import TARGETS, run_one

FOUND = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", FOUND, ids=lambda path: f"{path.parent.name}/{path.name}")
@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_what_crashed_once_is_refused_now(path: Path) -> None:
    target = TARGETS[path.parent.name]
    if not target.ready:
        pytest.skip(f"{target.needs} is not installed")
    run_one(target, path.read_bytes())
