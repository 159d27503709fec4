from . import article, inbox, people, photo, publication, register, registers

__all__ = ["article", "inbox", "people", "photo", "publication", "register", "registers"]
