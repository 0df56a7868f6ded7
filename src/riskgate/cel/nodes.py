"""The `ast` nodes that generated code is made of, with a place from the start.

Python compiles no node without a line and column, and giving each one its place afterwards costs more than all the rest
of compiling an expression. Here the place belongs to the class.
"""

import ast
from typing import Any, Final, TypeVar

_Node = TypeVar("_Node", bound=ast.AST)
_PLACE: Final[dict[str, Any]] = {"lineno": 1, "col_offset": 0, "end_lineno": 1, "end_col_offset": 0}


def _placed(kind: type[_Node]) -> type[_Node]:
    return type(kind.__name__, (kind,), dict(_PLACE))


Name: Final = _placed(ast.Name)
Constant: Final = _placed(ast.Constant)
Call: Final = _placed(ast.Call)
Attribute: Final = _placed(ast.Attribute)
Compare: Final = _placed(ast.Compare)
UnaryOp: Final = _placed(ast.UnaryOp)
Assign: Final = _placed(ast.Assign)
NamedExpr: Final = _placed(ast.NamedExpr)
AugAssign: Final = _placed(ast.AugAssign)
If: Final = _placed(ast.If)
Raise: Final = _placed(ast.Raise)
Expr: Final = _placed(ast.Expr)
Try: Final = _placed(ast.Try)
While: Final = _placed(ast.While)
Break: Final = _placed(ast.Break)
For: Final = _placed(ast.For)
Tuple: Final = _placed(ast.Tuple)
FunctionDef: Final = _placed(ast.FunctionDef)
IfExp: Final = _placed(ast.IfExp)
BoolOp: Final = _placed(ast.BoolOp)
BinOp: Final = _placed(ast.BinOp)
Set: Final = _placed(ast.Set)
List: Final = _placed(ast.List)
Dict: Final = _placed(ast.Dict)
Return: Final = _placed(ast.Return)
ExceptHandler: Final = _placed(ast.ExceptHandler)
Argument: Final = _placed(ast.arg)
Subscript: Final = _placed(ast.Subscript)
Pass: Final = _placed(ast.Pass)
