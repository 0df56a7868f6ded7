"""No test reads or writes the cache of whoever runs it; those that are about the cache name a folder of their own."""

import os

os.environ["RISKGATE_NO_CACHE"] = "1"
