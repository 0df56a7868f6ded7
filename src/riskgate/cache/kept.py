"""The place of one library in the cache: what was found there, and keeping what was made since."""

from riskgate.cache.folder import Folder
from riskgate.cache.key import key_of
from riskgate.load.inputs import Inputs
from riskgate.plan.plan import Plan


class Kept:
    """Where the plan of some files is kept. One run finds it, and keeps it again if it knows more by then."""

    def __init__(self, folder: Folder, inputs: Inputs) -> None:
        self._folder = folder
        self._key = _key(inputs)
        self._size = -1
        """How much of the plan is there already."""

    def find(self) -> Plan | None:
        """The plan, as it was kept last; None if there is none that can be used."""
        data = None if self._key is None else self._folder.read(self._key)
        if data is None:
            return None
        from riskgate.cache.stored import restore, size_of  # noqa: PLC0415 - nothing of it is needed where there is none

        plan = restore(data)
        if plan is not None:
            self._size = size_of(plan)
        return plan

    def keep(self, plan: Plan) -> None:
        """Keep a plan that has no problems, with the code that was made for it so far, if any of that is new."""
        from riskgate.cache.stored import size_of, store  # noqa: PLC0415 - the same

        size = size_of(plan)
        if self._key is None or size <= self._size:
            return
        try:
            data = store(plan)
        except Exception:  # noqa: BLE001 - the run has its answer, and that nothing is kept does not change it
            data = None
        if data is not None:
            self._folder.write(self._key, data)
        self._size = size


def _key(inputs: Inputs) -> str | None:
    try:
        return key_of(inputs)
    except OSError:  # a source of riskgate that cannot be looked at
        return None
