"""A report as it is being shown: the page, the report, what its ids are called."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from riskgate.pack import Citation
from riskgate.record import record
from riskgate.render.escape import visible
from riskgate.render.page import Page
from riskgate.render.words import CERTAINTIES, LISTED, Labels
from riskgate.report import NodeResult, Report
from riskgate.text import Text


@record
class View:
    page: Page
    report: Report
    labels: Labels

    @cached_property
    def nodes(self) -> Mapping[str, NodeResult]:
        return {node.id: node for node in self.report.nodes}

    @cached_property
    def new_risks(self) -> frozenset[str]:
        """The ids of the blocking risks that a baseline does not know."""
        return frozenset(self.report.baseline.new_risks if self.report.baseline is not None else ())

    def say(self, text: Text) -> str:
        """A fixed text in the page's language."""
        return self.page.say(text)

    def data(self, text: Text) -> str:
        """A text from data in the page's language, made visible."""
        return visible(self.page.say(text))

    def codes(self, ids: Sequence[str], between: str = " ") -> str:
        """The codes of nodes; an id that is not a node's stands for itself."""
        return between.join(visible(self.nodes[name].code if name in self.nodes else name) for name in ids)

    def departments(self, ids: Sequence[str]) -> str:
        return departments(self.page, ids, self.labels)


def departments(page: Page, ids: Sequence[str], labels: Labels) -> str:
    return page.say(LISTED).join(visible(page.say(labels.department(name))) for name in ids)


def citation(page: Page, source: Citation) -> str:
    """A source as people cite it, with how certain it is."""
    words = f"{visible(source.ref)} {visible(source.clause)}".strip()
    certainty = page.say(CERTAINTIES[source.certainty])
    return words + page.say(Text(f"（{certainty}）", f" ({certainty})"))
