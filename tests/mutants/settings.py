"""The tests' settings with a database in memory, which each child that is forked has to itself."""

from tests.settings import *  # noqa: F403
from tests.settings import DATABASES

DATABASES["default"]["TEST"] = {"NAME": ":memory:"}
