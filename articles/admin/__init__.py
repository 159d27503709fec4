from . import article, publication, registers

__all__ = ["article", "publication", "registers"]
