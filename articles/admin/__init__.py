from . import article, inbox, publication, registers

__all__ = ["article", "inbox", "publication", "registers"]
