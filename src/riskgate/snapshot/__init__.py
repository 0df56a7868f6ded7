"""Snapshots: a project's facts, read from JSON and validated against the vocabulary."""

from riskgate.snapshot.finding import Entity
from riskgate.snapshot.json_schema import json_schema
from riskgate.snapshot.reader import Reader
from riskgate.snapshot.tables import Table
from riskgate.snapshot.tree import Note, Snapshot

__all__ = ["Entity", "Note", "Reader", "Snapshot", "Table", "json_schema"]
