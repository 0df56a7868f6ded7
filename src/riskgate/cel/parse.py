"""Expression text to syntax tree: the whole grammar of CEL but for messages, bytes and unsigned integers.

`a && b && c && …` (and `||`) becomes a balanced tree: the two are associative, errors included, and a chain of
thousands stays shallow. Nothing else is deeper than `MAX_NESTING`, so whoever walks a tree may do so recursively.
"""

import math
from typing import Final, NamedTuple, NoReturn, cast

from riskgate.cel.lex import Token, tokens_of
from riskgate.cel.macros import NAMES, macro, presence
from riskgate.cel.misplaced import (
    refuse_depth,
    refuse_inner_choice,
    refuse_message,
    refuse_misplaced,
    refuse_range,
    refuse_reserved,
)
from riskgate.cel.refusals import WORD_OPERATORS, refuse, refuse_word_operator, with_lines
from riskgate.cel.syntax import (
    Binary,
    BinaryOperator,
    Call,
    Constant,
    Expr,
    Ident,
    Index,
    ListLiteral,
    MapLiteral,
    Select,
    Span,
    Ternary,
    Unary,
    UnaryOperator,
)
from riskgate.cel.values import INT_MAX
from riskgate.pack import Expression
from riskgate.text import Text

MAX_LENGTH: Final = 10_000
MAX_NESTING: Final = 100
_PRECEDENCE: Final = {
    "||": 1,
    "&&": 2,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), 3),
    **dict.fromkeys("+-", 4),
    **dict.fromkeys("*/%", 5),
}
_CONSTANTS: Final = {"true": True, "false": False, "null": None}
_RESERVED: Final = frozenset(
    (
        *("as", "break", "const", "continue", "else", "for", "function", "if", "import", "let", "loop", "package"),
        *("namespace", "return", "var", "void", "while"),
    )
)
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}


class _Part(NamedTuple):
    """A parsed part with its place (brackets around it counted) and the depth of its tree."""

    node: Expr
    start: int
    end: int
    depth: int


class _Chain(NamedTuple):
    """The members of `a && b && …` or `a || b || …`."""

    op: BinaryOperator
    parts: list[_Part]


def parse(text: str, source: Expression | None = None) -> Expr:
    """The syntax tree of an expression; `source` says where the text stands, for the places of problems.

    Raises ExpressionError with the first problem of the text.
    """
    source = source or with_lines(text)
    if len(text) > MAX_LENGTH:
        refuse(
            source,
            0,
            "expression-too-long",
            Text(f"表达式超过 {MAX_LENGTH} 个字符", f"the expression is longer than {MAX_LENGTH} characters"),
            Text("请拆成几条规则或几个 values", "split it into several rules or named values"),
        )
    return _Parser(source).whole()


class _Parser:
    def __init__(self, source: Expression) -> None:
        self.source = source
        self.tokens = tokens_of(source)
        self.position = 0
        self.token = self.tokens[0]
        self.open: list[Token] = []  # brackets that are not closed yet
        self.variables: list[str] = []  # of the macros around this place, or what may be one

    # Tokens

    def advance(self) -> Token:
        token = self.token
        self.position += 1
        self.token = self.tokens[self.position]
        return token

    def at(self, operator: str) -> bool:
        return self.token.text == operator and self.token.kind == "operator"

    def take(self, operator: str) -> bool:
        if self.at(operator):
            self.advance()
            return True
        return False

    def begin(self) -> Token:
        """Step into a bracket."""
        bracket = self.advance()
        self.open.append(bracket)
        if len(self.open) > MAX_NESTING:
            refuse_depth(self.source, bracket.start, MAX_NESTING)
        return bracket

    def finish(self) -> Token:
        """Step out of the innermost bracket."""
        if not self.at(_CLOSING[self.open[-1].text]):
            self.refuse_here()
        self.open.pop()
        return self.advance()

    # Grammar

    def whole(self) -> Expr:
        if self.token.kind == "end":
            message = Text("表达式是空的", "the expression is empty")
            refuse(self.source, 0, "empty-expression", message)
        part = self.expression()
        if self.token.kind != "end":
            self.refuse_here()
        return part.node

    def expression(self) -> _Part:
        """A chain of `condition ? then : …` that ends in a part without a condition."""
        choices: list[tuple[_Part, _Part]] = []
        part = self.binary()
        while self.take("?"):
            then = self.binary()
            if self.at("?"):
                refuse_inner_choice(self.source, self.token)
            if not self.take(":"):
                self.refuse_here()
            choices.append((part, then))
            part = self.binary()
        for condition, then in reversed(choices):
            span = Span(condition.start, part.end)
            node = Ternary(condition.node, then.node, part.node, span=span)
            part = self.grown(node, span, condition, then, part)
        return part

    def binary(self) -> _Part:
        """Operands joined by operators, by precedence, all of them associating to the left."""
        operands: list[_Part | _Chain] = [self.operand()]
        operators: list[BinaryOperator] = []
        while (precedence := self.operator_here()) is not None:
            while operators and _PRECEDENCE[operators[-1]] >= precedence:
                self.reduce(operands, operators.pop())
            operators.append(cast("BinaryOperator", self.advance().text))
            operands.append(self.operand())
        while operators:
            self.reduce(operands, operators.pop())
        return self.settled(operands.pop())

    def operator_here(self) -> int | None:
        token = self.token
        if token.kind == "operator" or (token.kind == "name" and token.text == "in"):
            return _PRECEDENCE.get(token.text)
        return None

    def reduce(self, operands: list[_Part | _Chain], op: BinaryOperator) -> None:
        right = self.settled(operands.pop())
        left = operands.pop()
        if op in ("&&", "||"):
            if isinstance(left, _Chain) and left.op == op:
                left.parts.append(right)
                operands.append(left)
            else:
                operands.append(_Chain(op, [self.settled(left), right]))
            return
        first = self.settled(left)
        span = Span(first.start, right.end)
        operands.append(self.grown(Binary(op, first.node, right.node, span=span), span, first, right))

    def settled(self, operand: _Part | _Chain) -> _Part:
        return operand if isinstance(operand, _Part) else self.balanced(operand.op, operand.parts)

    def balanced(self, op: BinaryOperator, parts: list[_Part]) -> _Part:
        if len(parts) == 1:
            return parts[0]
        middle = (len(parts) + 1) // 2
        left, right = self.balanced(op, parts[:middle]), self.balanced(op, parts[middle:])
        span = Span(left.start, right.end)
        return self.grown(Binary(op, left.node, right.node, span=span), span, left, right)

    def operand(self) -> _Part:
        """A member with the `!` and `-` before it; `-1` is one constant."""
        signs: list[Token] = []
        while self.token.kind == "operator" and self.token.text in ("!", "-"):
            signs.append(self.advance())
        if signs and signs[-1].text == "-" and self.token.kind in ("int", "double"):
            sign = signs.pop()
            number = self.number(self.advance(), negative=True)
            part = self.members(_Part(number, sign.start, number.span.end, 1))
        else:
            part = self.members(self.primary())
        for sign in reversed(signs):
            span = Span(sign.start, part.end)
            part = self.grown(Unary(cast("UnaryOperator", sign.text), part.node, span=span), span, part)
        return part

    def members(self, part: _Part) -> _Part:
        """Selections, indexes and calls behind a part."""
        while self.token.kind == "operator":
            text = self.token.text
            if text == ".":
                self.advance()
                part = self.member(part)
            elif text == "[":
                self.begin()
                index = self.expression()
                span = Span(part.start, self.finish().end)
                part = self.grown(Index(part.node, index.node, span=span), span, part, index)
            elif text == "{" and isinstance(part.node, Ident | Select):
                refuse_message(self.source, part.start, part.end)
            else:
                break
        return part

    def member(self, part: _Part) -> _Part:
        name = self.token
        if name.kind != "quoted" and (name.kind != "name" or name.text in _CONSTANTS or name.text == "in"):
            self.refuse_here(after_dot=True)
        self.advance()
        if name.kind == "name" and self.at("("):
            args = self.arguments(binds=name.text in NAMES)
            span = Span(part.start, self.finish().end)
            nodes = [argument.node for argument in args]
            if name.text in NAMES:
                node = macro(self.source, name, part.node, nodes, span)
            else:
                node = Call(name.text, tuple(nodes), part.node, span=span)
            return self.grown(node, span, part, *args)
        span = Span(part.start, name.end)
        return self.grown(Select(part.node, name.text, span=span), span, part)

    def arguments(self, *, binds: bool = False) -> list[_Part]:
        """What stands in the brackets of a call. `binds`: the first one or two may be variables of a macro."""
        self.begin()
        known = len(self.variables)
        found: list[_Part] = []
        while not (self.at(")") and not found):
            found.append(self.expression())
            node = found[-1].node
            if binds and len(found) <= 2 and isinstance(node, Ident):  # noqa: PLR2004 - macros have at most two
                self.variables.append(node.name)
            if not self.take(","):
                break
        del self.variables[known:]
        return found

    def primary(self) -> _Part:
        token = self.token
        if token.kind == "name" and token.text != "in":
            return self.named(self.advance(), token.start)
        if token.kind == "string":
            self.advance()
            return _leaf(Constant(token.text, span=Span(token.start, token.end)))
        if token.kind in ("int", "double"):
            return _leaf(self.number(self.advance()))
        if self.at("("):
            self.begin()
            inner = self.expression()
            return _Part(inner.node, token.start, self.finish().end, inner.depth)
        if self.at("["):
            return self.list_literal()
        if self.at("{"):
            return self.map_literal()
        if not (self.at(".") and self.tokens[self.position + 1].kind == "name"):
            self.refuse_here()
        self.advance()
        return self.named(self.advance(), token.start, rooted=True)

    def named(self, name: Token, start: int, *, rooted: bool = False) -> _Part:
        """A constant, a name, or a call. `.name` (rooted) keeps its dot where a macro's variable hides it."""
        span = Span(start, name.end)
        if name.text in _CONSTANTS and not rooted:
            return _leaf(Constant(_CONSTANTS[name.text], span=span))
        if name.text in _RESERVED or name.text in _CONSTANTS:
            refuse_reserved(self.source, name)
        if self.at("("):
            if name.text in WORD_OPERATORS:
                refuse_word_operator(self.source, name.start, name.text)
            args = self.arguments()
            span = Span(start, self.finish().end)
            nodes = [argument.node for argument in args]
            if name.text == "has" and not rooted:
                return self.grown(presence(self.source, nodes, span, start), span, *args)
            return self.grown(Call(name.text, tuple(nodes), span=span), span, *args)
        hidden = rooted and name.text in self.variables
        return _leaf(Ident(f".{name.text}" if hidden else name.text, span=span))

    def list_literal(self) -> _Part:
        start = self.begin().start
        items: list[_Part] = []
        while not self.at("]"):
            items.append(self.expression())
            if not self.take(","):
                break
        span = Span(start, self.finish().end)
        return self.grown(ListLiteral(tuple(item.node for item in items), span=span), span, *items)

    def map_literal(self) -> _Part:
        start = self.begin().start
        entries: list[tuple[_Part, _Part]] = []
        while not self.at("}"):
            key = self.expression()
            if not self.take(":"):
                self.refuse_here()
            entries.append((key, self.expression()))
            if not self.take(","):
                break
        span = Span(start, self.finish().end)
        node = MapLiteral(tuple((key.node, value.node) for key, value in entries), span=span)
        return self.grown(node, span, *(part for entry in entries for part in entry))

    def number(self, token: Token, *, negative: bool = False) -> Constant:
        span = Span(self.tokens[self.position - 2].start if negative else token.start, token.end)
        if token.kind == "double":
            double = float(token.text)
            if math.isinf(double):
                refuse_range(self.source, token)
            return Constant(-double if negative else double, span=span)
        digits = token.text.lstrip("0") if token.text[:2] != "0x" else token.text
        if len(digits) > len(str(INT_MAX)):
            refuse_range(self.source, token)
        number = int(digits or "0", 0)
        if number > INT_MAX + negative:
            refuse_range(self.source, token)
        return Constant(-number if negative else number, span=span)

    def grown(self, node: Expr, span: Span, *parts: _Part) -> _Part:
        """The part that a node over these parts is."""
        depth = 1
        for part in parts:
            if part.depth >= depth:
                depth = part.depth + 1
        if depth > MAX_NESTING:
            refuse_depth(self.source, span.start, MAX_NESTING)
        return _Part(node, span.start, span.end, depth)

    def refuse_here(self, *, after_dot: bool = False) -> NoReturn:
        """The token at this place cannot stand here."""
        refuse_misplaced(self.source, self.tokens, self.position, self.open, after_dot=after_dot)


def _leaf(node: Expr) -> _Part:
    return _Part(node, node.span.start, node.span.end, 1)
