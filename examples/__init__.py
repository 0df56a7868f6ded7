"""Example projects for `riskgate check`, and the scripts that wrote them."""
