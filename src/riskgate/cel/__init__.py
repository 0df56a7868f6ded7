"""The Common Expression Language: `evaluate(text, bindings)`, and `compile(text)` for reuse."""

from riskgate.cel.api import Program, compile, evaluate  # noqa: A004 - the public name, as in `re`

__all__ = ["Program", "compile", "evaluate"]
