"""Which parameters decide a rule, and which way: from its conditions, parsed when somebody asks."""

from collections.abc import Iterable, Mapping

from riskgate.apply.sway import TOLERANCE, Sway, Swayed, flipped, joined
from riskgate.cel.parse import parse
from riskgate.cel.syntax import Call, Constant, Expr, Select
from riskgate.errors import ExpressionError
from riskgate.pack import Expression, FactDeclaration, Rule
from riskgate.vocabulary import Vocabulary

_TOLERANT = ("at_least", "at_most")


class Readings:
    """Answers for the rules of one library; trees are kept, as one parameter after the other is asked about."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._trees: dict[str, Expr] = {}
        self._lowest: dict[str, bool] = {}

    def of_rule(self, rule: Rule, name: str) -> Sway:
        """How a greater value of the parameter moves the rule towards a risk; `none` if it does not decide it."""
        texts = [*rule.values.values(), rule.require, *([] if rule.when is None else [rule.when])]
        if not _mentioned(texts, name):
            return "none"
        try:
            values = {key: self._tree(text) for key, text in rule.values.items()}
            asked = Swayed(name, values, self._positive)
            when = "none" if rule.when is None else asked.of(self._tree(rule.when))
            return joined(when, flipped(asked.of(self._tree(rule.require))))
        except ExpressionError:
            return "unclear"  # such a rule is refused when it is compiled

    def of_fact(self, fact: FactDeclaration, name: str) -> Sway:
        """The same for what a pack counts as facts: how a greater value adds to them."""
        if fact.where is None or not _mentioned([fact.where], name):
            return "none"
        try:
            return Swayed(name, {}, self._positive).of(self._tree(fact.where))
        except ExpressionError:
            return "unclear"

    def _tree(self, text: Expression) -> Expr:
        found = self._trees.get(text.text)
        if found is None:
            found = self._trees[text.text] = parse(text.text, text)
        return found

    def _positive(self, node: Expr) -> bool:
        """Whether a value is certainly not negative: a literal, a count, a field that the vocabulary bounds."""
        match node:
            case Constant(value=bool() | None | str()):
                return False
            case Constant(value=value):
                return isinstance(value, int | float) and value >= 0
            case Call(function="size" | "abs"):
                return True
            case Call(function="double" | "int", args=(inner,)):
                return self._positive(inner)
            case Select(field=field):
                return self._bounded(field)
        return False

    def _bounded(self, name: str) -> bool:
        """Whether every field of that name, of whatever entity, is at least 0."""
        known = self._lowest.get(name)
        if known is None:
            fields = [kind.fields[name] for kind in self._vocabulary.entities.values() if name in kind.fields]
            known = bool(fields) and all(field.minimum is not None and field.minimum >= 0 for field in fields)
            self._lowest[name] = known
        return known


def _mentioned(texts: Iterable[Expression], name: str) -> bool:
    """Whether it is worth parsing."""
    words: Mapping[bool, tuple[str, ...]] = {True: (name, *_TOLERANT), False: (name,)}
    wanted = words[name == TOLERANCE]
    return any(word in text.text for text in texts for word in wanted)
