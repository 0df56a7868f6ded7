"""`python -m riskgate`: the command, where its folder is not on the path."""

from riskgate.cli.main import main

main()
