"""Starts the process that reads a model, and says in plain words what became of it."""

import json
import os
import stat
import subprocess
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from riskgate.errors import Place, Problem
from riskgate.sources.ifc.facts import Model, from_data, typed
from riskgate.sources.ifc.refusals import refused
from riskgate.sources.ifc.step import Fault
from riskgate.text import Text

TIMEOUT = 600
"""Seconds for one model."""
MEMORY = 4096
"""Megabytes for one model."""
LARGEST = 1_000_000_000
"""Bytes. A larger model is refused before it is read."""
CHILD = (sys.executable, "-P", "-B", "-m", "riskgate.sources.ifc.child")
"""`-P`: nothing in the working folder takes the place of a library."""
_MEGABYTE = 1 << 20
_GRACE = 10
"""Seconds of processor time beyond the time limit: the parent is to be the first to lose patience."""
_MAGIC = (
    (b"PK\x03\x04", Text("压缩的 IFC（ifcZIP）", "a compressed model (ifcZIP)")),
    (b"\x1f\x8b", Text("压缩文件（gzip）", "a compressed file (gzip)")),
    (b"<", Text("XML 写的模型（ifcXML）", "a model in XML (ifcXML)")),
    (b"\xef\xbb\xbf<", Text("XML 写的模型（ifcXML）", "a model in XML (ifcXML)")),
    (b"{", Text("JSON（ifcJSON）", "JSON (ifcJSON)")),
    (b"\xd0\xcf\x11\xe0", Text("Revit 之类的原生文件", "a native file of a modelling program")),
    (b"AC10", Text("DWG 图纸", "a DWG drawing")),
)


def read_model(
    path: Path,
    shown: str,
    *,
    wanted: Collection[str] = (),
    reach: float = 0.6,
    encoding: str = "utf-8",
    timeout: float = TIMEOUT,
    memory: int = MEMORY,
    command: Sequence[str] = CHILD,
) -> tuple[Model | None, list[Problem]]:
    """The facts of one model, or every reason why there are none. `timeout` in seconds, `memory` in megabytes."""
    problem = _other(path, shown)
    if problem is not None:
        return None, [problem]
    request = {
        "path": os.fspath(path.absolute()),
        "wanted": sorted(wanted),
        "reach": reach,
        "encoding": encoding,
        "memory_bytes": memory * _MEGABYTE,
        "seconds": int(timeout) + _GRACE,
    }
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}  # threads cost address space
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no shell
            list(command),
            input=json.dumps(request).encode(),
            capture_output=True,
            timeout=timeout,
            check=False,
            env=environment,
        )
    except subprocess.TimeoutExpired:
        message = Text(f"{timeout:g} 秒内没有读完", f"it could not be read within {timeout:g} seconds")
        help_ = Text("用 --timeout 给更多时间", "give it more time with --timeout")
        return None, [Problem("model-timeout", message, Place(shown), help_)]
    return taken(done, shown, memory)


def taken(
    done: "subprocess.CompletedProcess[bytes]", shown: str, memory: int = MEMORY
) -> tuple[Model | None, list[Problem]]:
    """The facts that the process answered, or why there are none. An answer that is none, or is not what a reader
    says, is that of one that crashed: of it nothing is believed."""
    try:
        said = None if done.returncode else json.loads(done.stdout)
        if isinstance(said, dict):
            if said.get("failed") == "memory":
                return None, [_too_much(shown, memory)]
            if "model" in said:
                return from_data(said["model"]), []
            faults = [typed(Fault, one) for one in said["faults"]]
            problems = refused(
                faults, [(typed(Fault, one), typed(int, number)) for one, number in said["kinds"]], shown
            )
            if problems:
                return None, problems
    except (ValueError, TypeError, KeyError, RecursionError):
        return None, [_crashed(done, shown, memory)]
    return None, [_crashed(done, shown, memory)]


def _other(path: Path, shown: str) -> Problem | None:
    """Why a file cannot be a model at all, seen without reading it."""
    place = Place(shown)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Problem("not-a-file", Text("不是普通文件", "it is not an ordinary file"), place)
        if status.st_size > LARGEST:
            message = Text(
                f"有 {status.st_size:,} 字节，上限是 {LARGEST:,}",
                f"it has {status.st_size:,} bytes; the limit is {LARGEST:,}",
            )
            return Problem("file-too-large", message, place)
        with path.open("rb") as stream:
            start = stream.read(16)
    except FileNotFoundError:
        return Problem("no-such-file", Text("没有这个文件", "there is no such file"), place)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        return Problem("cannot-read", Text(f"无法读取：{reason}", f"cannot be read: {reason}"), place)
    for magic, kind in _MAGIC:
        if start.lstrip(b" \t\r\n").startswith(magic):
            message = Text(f"这是{kind.zh}，不会打开", f"this is {kind.en}, which is not opened")
            help_ = Text("请导出为 .ifc（STEP 文本）", "export it as .ifc (the STEP text)")
            return Problem("not-step", message, place, help_)
    return None


def _crashed(done: "subprocess.CompletedProcess[bytes]", shown: str, memory: int) -> Problem:
    said = done.stderr.decode("utf-8", "replace")
    if "MemoryError" in said or "bad_alloc" in said:
        return _too_much(shown, memory)
    last = next((line.strip() for line in reversed(said.splitlines()) if line.strip()), "")[:200]
    if done.returncode < 0:
        reason = Text(f"信号 {-done.returncode}", f"signal {-done.returncode}")
    else:
        reason = Text.of(last or f"exit code {done.returncode}")
    if "No module named 'ifcopenshell'" in said:
        return missing(shown)
    if last.startswith(("ImportError", "ModuleNotFoundError")):
        message = Text(
            f"读取模型的库 ifcopenshell 不能加载（{reason.zh}）",
            f"ifcopenshell, which reads models, cannot be loaded ({reason.en})",
        )
        help_ = Text(
            '请重新安装：pip install --force-reinstall "riskgate[ifc]"',
            'install it again: pip install --force-reinstall "riskgate[ifc]"',
        )
        return Problem("library-broken", message, Place(shown), help_)
    message = Text(f"读取程序崩溃了（{reason.zh}）", f"its reader crashed ({reason.en})")
    help_ = Text("没有读入任何内容。模型可能已损坏。", "nothing of it was taken. The model may be damaged.")
    return Problem("model-crash", message, Place(shown), help_)


def missing(shown: str = "") -> Problem:
    """That the library which reads models is not installed."""
    message = Text(
        '读取模型需要 ifc 组件：pip install "riskgate[ifc]"',
        'models are read with the extra `ifc`: pip install "riskgate[ifc]"',
    )
    return Problem("missing-extra", message, Place(shown))


def _too_much(shown: str, memory: int) -> Problem:
    message = Text(f"需要的内存超过 {memory:,} MB", f"it needs more than {memory:,} MB of memory")
    help_ = Text("用 --memory 放宽上限", "allow more with --memory")
    return Problem("model-memory", message, Place(shown), help_)
