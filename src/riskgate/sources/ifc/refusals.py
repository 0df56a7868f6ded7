"""What is wrong with a model, in plain words."""

from collections.abc import Iterable, Mapping, Sequence

from riskgate.errors import Place, Problem
from riskgate.sources.ifc.step import SCHEMAS, Fault
from riskgate.text import Text

EXPORT_AGAIN = Text("请重新导出，或重新传输这个文件。", "export the model again, or copy the file again.")
_WORDS: Mapping[str, tuple[str, str]] = {
    "no-start": (
        "开头不是 ISO-10303-21;，不是 IFC 文本文件",
        "it does not begin with ISO-10303-21; and is no IFC text file",
    ),
    "no-end": (
        "末尾没有 END-ISO-10303-21;，文件被截断了",
        "it does not end with END-ISO-10303-21; and has been cut short",
    ),
    "no-section": ("此处应为 {detail};", "expected {detail}; here"),
    "not-readable": ("从 `{detail}` 起读不懂", "cannot be understood from `{detail}` on"),
    "unsupported-schema": (
        "不支持 schema `{detail}`，可用的有 {schemas}",
        "the schema `{detail}` is not supported; there are {schemas}",
    ),
    "doubled-id": ("编号 {detail} 用了两次", "the id {detail} is there twice"),
    "dangling-reference": ("引用了不存在的 {detail}", "it refers to {detail}, which is not there"),
    "bad-escape": ("文字编码 `{detail}` 已损坏", "the encoded text `{detail}` is damaged"),
    "control-character": ("有控制字符 {detail}", "it holds a control character, {detail}"),
    "empty": ("没有任何内容", "there is nothing in it"),
    "not-encoded": (
        "文字里有不是 {detail} 编码的字节",
        "its texts hold bytes that are not {detail}",
    ),
    "reader-error": ("读取程序报错：{detail}", "its reader complains: {detail}"),
    "wrong-count": ("读到的数量与文件所写不符：{detail}", "what was read is not what is written: {detail}"),
    "doubled-guid": (
        "GlobalId `{detail}` 用在两个构件上",
        "two elements have the GlobalId `{detail}`",
    ),
    "no-guid": ("{detail} 没有 GlobalId", "{detail} has no GlobalId"),
    "schema-violation": (
        "不符合自己的 schema，读不下去：{detail}",
        "it breaks its schema and cannot be read on: {detail}",
    ),
    "no-project": ("没有 IfcProject", "it has no IfcProject"),
    "no-length-unit": ("没有说明长度单位", "it does not say in which unit its lengths are"),
}
_HELP: Mapping[str, Text] = {
    "unsupported-schema": Text("请导出为 IFC4 或 IFC2X3。", "export it as IFC4 or IFC2X3."),
    "not-encoded": Text(
        "在映射文件里写明 `encoding`（如 gb18030），或重新导出。",
        "name the `encoding` in the mapping (such as gb18030), or export the model again.",
    ),
    "doubled-guid": Text(
        "在建模软件里给其中一个新的 GlobalId。", "give one of them a new GlobalId in the modelling program."
    ),
    "no-length-unit": Text("请在导出时写入单位。", "export the model with its units."),
}


def refused(faults: Sequence[Fault], kinds: Iterable[tuple[Fault, int]], shown: str) -> list[Problem]:
    """The problems behind the faults of a model: each of the first, and how many of a kind there are in all.

    Raises KeyError for a fault of no known kind.
    """
    problems = [_problem(fault, shown) for fault in faults]
    for fault, number in kinds:
        listed = sum(one.kind == fault.kind for one in faults)
        if number > listed:
            words = _words(fault)
            more = Text(
                f"……同类问题共 {number:,} 处，例如：{words.zh}",
                f"… {number:,} of this kind in all, such as: {words.en}",
            )
            problems.append(Problem(_code(fault), more, Place(shown)))
    return problems


def _problem(fault: Fault, shown: str) -> Problem:
    return Problem(_code(fault), _words(fault), Place(shown, fault.line), _HELP.get(fault.kind, EXPORT_AGAIN))


def _code(fault: Fault) -> str:
    return f"model-{fault.kind}"


def _words(fault: Fault) -> Text:
    zh, en = _WORDS[fault.kind]
    known = {"detail": fault.detail, "schemas": ", ".join(SCHEMAS)}
    return Text(zh.format(**known), en.format(**known))
