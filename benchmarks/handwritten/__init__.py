"""The rules of the benchmark in plain Python: entity by entity, by kind, rule after rule, and the nested set."""

from handwritten.by_entity import entity_major
from handwritten.by_kind import by_kind
from handwritten.by_rule import rule_major
from handwritten.nested import nested
from handwritten.sixteen import sixteen_by_entity, sixteen_by_rule

__all__ = ["by_kind", "entity_major", "nested", "rule_major", "sixteen_by_entity", "sixteen_by_rule"]
