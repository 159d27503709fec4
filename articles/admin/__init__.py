from . import article, moves, registers

__all__ = ["article", "moves", "registers"]
