"""All laws, large: python -m tests.laws --examples 2000 [--pairs 1000000] [--seed 1] [--workers 1].

Every law test tries so many examples. Then so many random pairs of an expression (or a rule) and data are evaluated by
the compiled code and by the interpreter, without Hypothesis, which is faster; the first difference ends the run.
"""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
FILES = ("test_*laws*.py", "test_plan_few.py", "test_sources_merge.py")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--examples", type=int, default=2_000, help="for each law; 0 leaves them out")
    arguments.add_argument("--pairs", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--workers", default="auto", help="processes for the laws; one for each core if left out")
    asked = arguments.parse_args()
    if asked.examples:
        files = sorted(str(file) for pattern in FILES for file in HERE.glob(pattern))
        command = [sys.executable, "-m", "pytest", "-n", asked.workers, "-p", "no:cacheprovider", *files]
        environment = {**os.environ, "RISKGATE_EXAMPLES": str(asked.examples)}
        code = subprocess.run(command, cwd=HERE.parent, env=environment, check=False).returncode  # noqa: S603 - our own tests
        if code:
            sys.exit(code)
    if asked.pairs:
        compare(asked.pairs, asked.seed)


def compare(pairs: int, seed: int) -> None:
    """Evaluate random pairs in both ways until there were so many. Raises AssertionError at the first difference."""
    sys.path.insert(0, str(HERE))
    from test_cel_laws import compare_typed, compare_untyped  # noqa: PLC0415 - a test module, found on the path just set

    started = time.perf_counter()
    done = 0
    number = seed * 1_000_000_000
    while done < pairs:
        number += 1
        random = Random(number)  # noqa: S311 - repeatable on purpose
        if number % 3:
            limit = 1_000_000 if number % 5 else random.choice((0, 3, 20))
            done += compare_typed(random, random.choice((0.0, 0.1, 0.4)), limit, sets=8)
        else:
            done += compare_untyped(random, 1_000_000 if number % 5 else random.choice((0, 3, 20)))
        if number % 20_000 == 0:
            print(f"{done:,} pairs, no difference, {time.perf_counter() - started:.0f} s", flush=True)
    print(f"{done:,} pairs, no difference, {time.perf_counter() - started:.0f} s", flush=True)


if __name__ == "__main__":
    main()
