from . import article, inbox, photo, publication, register, registers

__all__ = ["article", "inbox", "photo", "publication", "register", "registers"]
