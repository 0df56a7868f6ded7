"""`riskgate.toml`, or `[tool.riskgate]` of a `pyproject.toml`: what the command line would have to say every time.

The command line looks for it from the working directory upwards. The Python API never does: `read(path)` gives its
values to those who ask. A configuration is data: nothing in it is run, and output that it names goes below its folder.
"""

from riskgate.config.file import Config, find, read

__all__ = ["Config", "find", "read"]
