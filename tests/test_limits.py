"""The limits of DESIGN: what lies at a limit is taken, what lies beyond is refused and says so."""

import pytest

from limit_cases import LIMITS, Limit
from riskgate.errors import RiskgateError


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_what_lies_at_a_limit_is_taken(limit: Limit) -> None:
    limit.at()


@pytest.mark.parametrize("limit", LIMITS, ids=lambda limit: limit.name)
def test_what_lies_beyond_it_is_refused_and_says_so(limit: Limit) -> None:
    with pytest.raises(RiskgateError) as refused:
        limit.beyond()
    told = refused.value.render("en")
    assert limit.says in told, told[:500]
