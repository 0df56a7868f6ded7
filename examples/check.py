"""Runs every example of expected.yaml with the installed riskgate; its exit code must be the documented one."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
COMMAND = Path(sys.executable).with_name("riskgate")
"""The riskgate that is installed beside this Python."""


def run(example: dict[str, object]) -> bool:
    """Run one example, print it in short form, say whether its exit code is the documented one."""
    arguments = [str(argument) for argument in example["arguments"]]  # type: ignore[attr-defined]  # a list in our own file
    file = Path(str(example["file"]))
    print("$ riskgate check", Path("examples", file).as_posix(), *arguments, flush=True)
    done = subprocess.run(  # noqa: S603 (our own command, arguments from a file of the project)
        [str(COMMAND), "check", str(HERE / file), *arguments],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "NO_COLOR": "1"},
    )
    for line in (done.stdout + done.stderr).splitlines():
        if line and not line.startswith(" "):  # headings; what is indented is detail
            print("   ", line)
    agrees = done.returncode == example["exit_code"]
    print(f"    exit code {done.returncode}, documented {example['exit_code']}: {'agrees' if agrees else 'DIFFERS'}\n")
    return agrees


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # type: ignore[union-attr]  # both are text streams here
    expected = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "expected.yaml"
    if not COMMAND.is_file():
        print(f"{COMMAND} is not there: install riskgate first", file=sys.stderr)
        return 2
    examples = yaml.safe_load(expected.read_text(encoding="utf-8"))["examples"]
    agreeing = sum([run(example) for example in examples])
    print(f"examples: {agreeing} of {len(examples)} give their documented exit code")
    return 0 if examples and agreeing == len(examples) else 1


if __name__ == "__main__":
    sys.exit(main())
