"""The Common Expression Language: `evaluate(text, bindings)`, and `compile(text)` for reuse."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from riskgate.cel.api import Program, compile, evaluate  # noqa: A004 - the public name, as in `re`

__all__ = ["Program", "compile", "evaluate"]


def __getattr__(name: str) -> object:
    """The public names when they are first used: the parts of this package do without the compiler."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from riskgate.cel import api  # noqa: PLC0415 - that is the point

    value: object = getattr(api, name)
    globals()[name] = value
    return value
