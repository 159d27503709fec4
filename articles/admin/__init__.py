from . import article, inbox, publication, register, registers

__all__ = ["article", "inbox", "publication", "register", "registers"]
