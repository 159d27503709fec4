"""The desk: the front page of the admin, each of its lists whole, and what is done from them."""

from .front import dashboard
from .lists import LENGTH
from .screens import DeskScreens

__all__ = ["LENGTH", "DeskScreens", "dashboard"]
