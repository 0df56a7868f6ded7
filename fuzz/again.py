"""Runs inputs once, with their tracebacks: python -m fuzz.again TARGET FILE..."""

import sys
import traceback
from pathlib import Path

from fuzz.company import clean_up
from fuzz.targets import TARGETS, run_one


def main() -> None:
    crashed = 0
    for name in sys.argv[2:]:
        try:
            taken = run_one(TARGETS[sys.argv[1]], Path(name).read_bytes())
            print(f"{name}: {'taken' if taken else 'refused'}")
        except Exception:  # noqa: BLE001 - a crash is what is looked for
            crashed += 1
            print(f"{name}:")
            traceback.print_exc()
    clean_up()
    sys.exit(1 if crashed else 0)


if __name__ == "__main__":
    main()
