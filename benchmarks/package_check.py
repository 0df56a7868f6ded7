"""Does what is published work? Run by `make package-check`; needs the network of pip.

Builds wheel and sdist, installs each into an empty environment and runs the main job there; then the wheel with the
lowest versions of all dependencies that pyproject.toml allows; says what the core weighs and how long its import takes.
"""

import re
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).parent.parent
JOB = ROOT / "examples" / "binjiang" / "3-joint-acceptance.json"
BLOCKED = 1
NOT_OURS = ("pip", "setuptools", "pkg_resources", "_distutils_hack")
IMPORT = "import time; t = time.perf_counter(); import riskgate; riskgate.Gate; print(time.perf_counter() - t)"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        run(sys.executable, "-m", "build", "--outdir", str(made), str(ROOT))
        (wheel,), (sdist,) = made.glob("*.whl"), made.glob("*.tar.gz")
        for name, wanted in (("wheel", [str(wheel)]), ("sdist", [str(sdist)]), ("lowest", [str(wheel), *lowest()])):
            environment = made / name
            venv.create(environment, with_pip=True)
            python = environment / "bin" / "python"
            run(str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted)
            job(python)
            print(f"{name}: installed, and the main job is right")
            if name == "wheel":
                weigh(environment, python)
            if name == "lowest":
                print("  " + ", ".join(lowest()))


def lowest() -> list[str]:
    """The lower bound of each dependency, as an exact version."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["excel"]]
    bounds = [re.match(r"([\w-]+)\s*[>=]=\s*([\w.]+)", one) for one in wanted if "python_version" not in one]
    return [f"{found[1]}=={found[2]}" for found in bounds if found]


def job(python: Path) -> None:
    """The main job, in the way of users, far from the sources."""
    command = [str(python), "-m", "riskgate.cli.main", "check", str(JOB), "--no-config", "--no-cache", "--node", "N51"]
    done = subprocess.run([*command, "--format", "json"], capture_output=True, text=True, cwd="/", check=False)  # noqa: S603 - what was just installed
    if done.returncode != BLOCKED or '"blocked"' not in done.stdout:
        sys.exit(f"exit code {done.returncode}\n{done.stderr}")


def weigh(environment: Path, python: Path) -> None:
    (packages,) = environment.glob("lib/*/site-packages")
    kept = [path for path in packages.iterdir() if not path.name.startswith(NOT_OURS)]
    files = [file for path in kept for file in ([path] if path.is_file() else path.rglob("*")) if file.is_file()]
    sources = sum(file.stat().st_size for file in files if file.suffix != ".pyc")
    compiled = sum(file.stat().st_size for file in files if file.suffix == ".pyc")
    times = sorted(float(run(str(python), "-c", IMPORT)) for _ in range(9))
    print(f"  core: {sources / 1e6:.1f} MB and {compiled / 1e6:.1f} MB compiled; import {times[4] * 1000:.0f} ms")


def run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, cwd="/", check=True).stdout  # noqa: S603 - our own words


if __name__ == "__main__":
    main()
