from . import article, inbox, people, publication, register, registers

__all__ = ["article", "inbox", "people", "publication", "register", "registers"]
