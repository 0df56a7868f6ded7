"""The dotted source text of a part of an expression: how a missing value is named to people."""

from riskgate.cel.syntax import Call, Constant, Expr, Ident, Index, Macro, Select


def path_of(node: Expr) -> str:
    """`room.usable_area_m2` for that selection; parts that are no names are shortened to `…`."""
    parts: list[str] = []
    while True:
        match node:
            case Select(operand=operand, field=field):
                parts.append(f".{field}")
                node = operand
            case Index(operand=operand, index=Constant(value=value)):
                parts.append(f"[{value}]")
                node = operand
            case Index(operand=operand):
                parts.append("[…]")
                node = operand
            case Macro(range=operand, kind=kind):
                parts.append(f".{kind}(…)")
                node = operand
            case Call(target=target, function=function) if target is not None:
                parts.append(f".{function}(…)")
                node = target
            case Ident(name=name):
                return name.removeprefix(".") + "".join(reversed(parts))
            case Call(function=function, args=(Constant(value=str(of)), *_)):
                return f"{function}({of})" + "".join(reversed(parts))
            case Call(function=function):
                return f"{function}(…)" + "".join(reversed(parts))
            case _:
                return "…" + "".join(reversed(parts))


def dotted_name(node: Expr) -> str | None:
    """The name `a.b.c` if the node is nothing but names joined by dots, else None."""
    parts: list[str] = []
    while isinstance(node, Select):
        parts.append(node.field)
        node = node.operand
    if not isinstance(node, Ident):
        return None
    return ".".join([node.name, *reversed(parts)])
