"""The rules as pages to read: one a pack, and an index by node, entity, theme, source and owner, in both languages."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from riskgate.load.library import Library
from riskgate.pack import SEVERITIES, Citation, Given, Pack, Parameter, Rule
from riskgate.render.catalog import Entry, entries, gating
from riskgate.render.explain import condition_text
from riskgate.render.handbook_vocabulary import PAGE, vocabulary_lines
from riskgate.render.markup import anchor, block, code, plain, table
from riskgate.render.words import CERTAINTIES, LISTED, ON_MISSING, OUTCOMES, SEVERITY_WORDS, WAIVABLE, Labels
from riskgate.text import Lang, Text

INDEX = "README"
_COLON = Text("：", ": ")
LANGS: tuple[Lang, Lang] = ("en", "zh")
MARK = Text(
    "本页由 riskgate docs 写出，请改规则包，不要改本页。", "Written by riskgate docs: change the packs, not this page."
)


def handbook(library: Library) -> dict[str, str]:
    """File name and text of every page: `README.md` (the index), `entities-and-fields.md` and `PACK.md`; and the same
    in Chinese, `….zh.md`."""
    found: dict[str, str] = {}
    for lang in LANGS:
        book = _Book(library, lang)
        found[name_of(INDEX, lang)] = book.index()
        found[name_of(PAGE, lang)] = book.vocabulary()
        for pack in library.packs:
            found[name_of(pack.name, lang)] = book.pack(pack)
    return found


def name_of(page: str, lang: Lang) -> str:
    """The file of a page."""
    return f"{page}.md" if lang == "en" else f"{page}.{lang}.md"


@dataclass
class _Book:
    """The pages in one language."""

    library: Library
    lang: Lang
    labels: Labels = field(init=False)
    every: Sequence[Entry] = field(init=False)

    def __post_init__(self) -> None:
        self.labels = Labels.of(self.library.lifecycle, self.library.references)
        self.every = entries(self.library.packs)

    def say(self, text: Text) -> str:
        return text.to(self.lang)

    def data(self, text: Text) -> str:
        return plain(text.to(self.lang))

    # -- the index

    def index(self) -> str:
        counted = len(self.every)
        lines = [
            f"# {self.say(Text('规则总目', 'Index of rules'))}",
            "",
            self.say(MARK),
            "",
            self.say(Text(f"共 {counted} 条规则。", f"{counted} rules.")) + " " + self._other(INDEX),
            "",
            f"[{self.say(Text('对象与字段', 'Entities and fields'))}]({name_of(PAGE, self.lang)})",
            "",
        ]
        head = [Text("规则包", "pack"), Text("版本", "version"), Text("名称", "title"), Text("规则", "rules")]
        lines += table(
            [self.say(text) for text in head],
            [
                [
                    f"[{plain(pack.name)}]({name_of(pack.name, self.lang)})",
                    plain(pack.version),
                    self.data(pack.title),
                    str(len(pack.rules) + len(pack.derives)),
                ]
                for pack in self.library.packs
            ],
        )
        lines += self._by_node()
        vocabulary, references = self.library.vocabulary, self.library.references
        entities = {name: entity.title for name, entity in vocabulary.entities.items()}
        departments = {name: one.title for name, one in self.library.lifecycle.departments.items()}
        sources = {name: one.title for name, one in references.sources.items()}
        for title, names, of in (
            (Text("按对象", "By entity"), entities, lambda e: [e.entity] if e.entity else []),
            (Text("按客户主题", "By theme"), dict(references.themes), lambda e: [e.theme] if e.theme else []),
            (Text("按来源", "By source"), sources, _refs),
            (Text("按责任部门", "By owner"), departments, lambda e: e.owners),
        ):
            lines += self._by(title, names, of)
        return _text(lines)

    def _by_node(self) -> Iterator[str]:
        yield from ("", f"## {self.say(Text('按节点', 'By node'))}", "")
        at = gating(self.every)
        head = [Text("节点", "node"), *(SEVERITY_WORDS[severity] for severity in SEVERITIES)]
        rows = []
        for node in self.library.lifecycle.nodes:
            gates = at.get(node.id, {})
            cells = [self._links(gates.get(severity, ())) for severity in SEVERITIES]
            if not cells[0] and node.no_blocking_rule is not None:
                cells[0] = f"*{self.data(node.no_blocking_rule)}*"
            rows.append([f"{plain(node.code)} {self.data(node.title)}", *cells])
        yield from table([self.say(text) for text in head], rows)

    def _by(self, title: Text, names: Mapping[str, Text], of: Callable[[Entry], Iterable[str]]) -> Iterator[str]:
        """The rules under each name, names in the order of the library, unknown ones after them."""
        found: dict[str, list[Entry]] = {}
        for entry in self.every:
            for name in dict.fromkeys(of(entry)):
                found.setdefault(name, []).append(entry)
        yield from ("", f"## {self.say(title)}", "")
        rows = [
            [f"{code(name)} {self.data(names[name]) if name in names else ''}".rstrip(), self._links(found[name])]
            for name in (*(name for name in names if name in found), *(name for name in found if name not in names))
        ]
        yield from table([self.say(title), self.say(Text("规则", "rules"))], rows)

    def _links(self, found: Iterable[Entry]) -> str:
        return " ".join(
            f"[{plain(entry.id)}]({name_of(entry.pack.name, self.lang)}#{anchor(entry.id)})" for entry in found
        )

    def _other(self, page: str) -> str:
        """A link to the page in the other language."""
        other: Lang = "zh" if self.lang == "en" else "en"
        return f"[{'中文' if other == 'zh' else 'English'}]({name_of(page, other)})"

    def vocabulary(self) -> str:
        """Every entity type and field."""
        lines = [f"# {self.say(Text('对象与字段', 'Entities and fields'))}", "", self.say(MARK), ""]
        lines += [f"{self._other(PAGE)} · [{self.say(Text('总目', 'index'))}]({name_of(INDEX, self.lang)})"]
        return _text([*lines, *vocabulary_lines(self.library.vocabulary, self.lang)])

    # -- a pack

    def pack(self, pack: Pack) -> str:
        mine = sorted((entry for entry in self.every if entry.pack is pack), key=lambda entry: entry.id)
        lines = [f"# {self.data(pack.title)}", "", self.say(MARK), ""]
        lines += [f"{code(pack.name)} {plain(pack.version)} · {self._other(pack.name)} · "]
        lines[-1] += f"[{self.say(Text('总目', 'index'))}]({name_of(INDEX, self.lang)})"
        lines += ["", *self._parameters(pack), *self._contents(mine)]
        for entry in mine:
            lines += self._rule(entry)
        return _text(lines)

    def _parameters(self, pack: Pack) -> Iterator[str]:
        if not pack.parameters:
            return
        yield from (f"## {self.say(Text('参数', 'Parameters'))}", "")
        head = [Text("参数", "parameter"), Text("默认", "default"), Text("说明", "meaning"), Text("来源", "source")]
        yield from table(
            [self.say(text) for text in head],
            [
                [code(one.name), _default(one), self.data(one.title), self._sources(one.sources)]
                for one in pack.parameters.values()
            ],
        )
        yield ""

    def _contents(self, mine: Sequence[Entry]) -> Iterator[str]:
        yield from (f"## {self.say(Text('规则', 'Rules'))}", "")
        head = [Text("规则", "rule"), Text("名称", "title"), Text("等级", "severity"), Text("节点", "nodes")]
        yield from table(
            [self.say(text) for text in head],
            [
                [
                    f"[{plain(entry.id)}](#{anchor(entry.id)})",
                    self.data(entry.rule.title),
                    self.say(SEVERITY_WORDS[entry.severity]),
                    self._codes(entry.nodes),
                ]
                for entry in mine
            ],
        )

    def _codes(self, nodes: Iterable[str]) -> str:
        by_name = self.library.lifecycle.by_name
        return " ".join(plain(by_name[name].code) for name in nodes)

    def _rule(self, entry: Entry) -> Iterator[str]:
        rule = entry.rule
        yield from ("", f"### {plain(entry.id)}", "", f"**{self.data(rule.title)}**", "")
        yield " · ".join(self._facts(entry))
        if isinstance(rule, Rule):
            lines = [f"{name} = {' '.join(value.text.split())}" for name, value in rule.values.items()]
            lines += [f"when: {' '.join(rule.when.text.split())}"] if rule.when is not None else []
            lines += [f"require: {' '.join(rule.require.text.split())}"]
        else:
            lines = [_given(given) for given in rule.given]
        yield from ("", *block("\n".join(lines)))
        message = rule.message if isinstance(rule, Rule) else rule.conclude.message
        for title, text in (
            (Text("提示", "Message"), message),
            (Text("客户为何在意", "Why it matters"), rule.why),
            (Text("措施", "Remedy"), rule.remedy),
        ):
            if text is not None:
                yield from ("", self.say(title) + self.say(_COLON) + self.data(text))
        if rule.sources:
            yield from ("", self.say(Text("来源", "Sources")) + self.say(_COLON) + self._sources(rule.sources))
        yield from ("", self._cases(entry))

    def _facts(self, entry: Entry) -> Iterator[str]:
        rule = entry.rule
        yield self.say(SEVERITY_WORDS[entry.severity])
        if entry.entity is not None:
            yield f"{code(entry.entity)} {self.data(self.library.vocabulary.entities[entry.entity].title)}"
        yield self._codes(entry.nodes)
        if entry.theme is not None:
            yield self.data(self.labels.theme(entry.theme))
        if rule.customer_sensitivity is not None and rule.operator_weight is not None:
            numbers = f"{rule.customer_sensitivity} / {rule.operator_weight}"
            yield self.say(Text(f"客户敏感度 / 行业权重 {numbers}", f"sensitivity / weight {numbers}"))
        if entry.owners:
            yield self.say(LISTED).join(self.data(self.labels.department(name)) for name in entry.owners)
        if isinstance(rule, Rule) and rule.on_missing != "gap":
            words = ON_MISSING[rule.on_missing]
            yield self.say(Text(f"资料缺失{words.zh}", f"missing facts: {words.en}"))
        words = WAIVABLE[rule.waivable_by]
        yield self.say(Text(f"可豁免：{words.zh}", f"may be waived by {words.en}"))

    def _sources(self, sources: Iterable[Citation]) -> str:
        return self.say(Text("；", "; ")).join(
            f"{plain(source.ref)} {plain(source.clause)}".strip() + f" ({self.say(CERTAINTIES[source.certainty])})"
            for source in sources
        )

    def _cases(self, entry: Entry) -> str:
        """How many cases there are and where they stand."""
        rule = entry.rule
        number = len(rule.cases)
        parts = ""
        if isinstance(rule, Rule):
            expected = [case.expect for case in rule.cases]
            counts = [(OUTCOMES[one], expected.count(one)) for one in ("pass", "risk", "gap", "skip")]
            shown = self.say(LISTED).join(f"{self.say(word)} {count}" for word, count in counts if count)
            parts = f" ({shown})" if shown else ""
        where = code(rule.place.file)
        return self.say(Text(f"用例 {number} 个{parts}，见 {where}", f"{number} cases{parts}, in {where}"))


def _refs(entry: Entry) -> list[str]:
    return [source.ref for source in entry.rule.sources]


def _default(parameter: Parameter) -> str:
    value = parameter.default
    shown = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    return plain(f"{shown} {parameter.unit or ''}".strip())


def _given(given: Given) -> str:
    conditions = ", ".join(condition_text(condition) for condition in given.where)
    return f"given {given.fact} {given.alias}: {conditions}".rstrip(": ")


def _text(lines: Iterable[str]) -> str:
    return "\n".join(lines) + "\n"
