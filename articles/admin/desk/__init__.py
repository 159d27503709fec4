"""The desk: the front page of the admin, each of its lists whole, and what is done from them."""

from .front import dashboard
from .screens import DeskScreens
from .shape import LENGTH

__all__ = ["LENGTH", "DeskScreens", "dashboard"]
