"""Which tables readers' pages are made of, and the triggers by which the database notes that one of them changed.

A trigger, since rows come in by many doors: the admin, the register's joining, commands, a shell. Versions, ledger,
addresses and corrections reach readers through a move alone, and every move raises the stamp of its publications.
"""

from dataclasses import dataclass

from sources.frozen import GUARDS, Trigger

STEP = {
    "sqlite": "abs(random() % 4294967296) + 1",
    "postgresql": "floor(random() * 4294967296)::bigint + 1",
}


@dataclass(frozen=True)
class Watch:
    """Each of `events` on `table` makes an Invalidation, of the article that `article` says in SQL, where `when` is
    true. To declare it registers it.
    """

    table: str
    events: tuple[str, ...] = ("INSERT", "UPDATE", "DELETE")
    article: str = "NULL"
    when: str = "true"

    def __post_init__(self) -> None:
        GUARDS[self.name] = self

    @property
    def name(self) -> str:
        return f"{self.table}_seen"

    def triggers(self, vendor: str) -> list[Trigger]:
        note = f"INSERT INTO articles_invalidation (article_id, step) VALUES ({self.article}, {STEP[vendor]});"
        if vendor == "postgresql":
            source = f"BEGIN {note} RETURN NULL; END"
            create = (
                f'CREATE FUNCTION "{self.name}"() RETURNS trigger LANGUAGE plpgsql AS $${source}$$',
                f'CREATE TRIGGER "{self.name}" AFTER {" OR ".join(self.events)} ON "{self.table}" '
                f'FOR EACH ROW WHEN ({self.when}) EXECUTE FUNCTION "{self.name}"()',
            )
            return [Trigger(self.table, self.name, source, f'DROP FUNCTION IF EXISTS "{self.name}"() CASCADE', create)]
        found = []
        for event in self.events:
            name = f"{self.name}_{event.split()[0].lower()}"
            source = f'CREATE TRIGGER "{name}" AFTER {event} ON "{self.table}" WHEN {self.when} BEGIN {note} END'
            found.append(Trigger(self.table, name, source, f'DROP TRIGGER IF EXISTS "{name}"', (source,)))
        return found


FRAME = tuple(
    Watch(table).name
    for table in (
        "articles_author",
        "articles_authorslug",
        "articles_category",
        "articles_categoryslug",
        "articles_photo",
        "articles_photofile",
        "articles_publishedpolicy",
        "articles_verdict",
        "sources_source",
        "sources_sourceassessment",
        "sources_sourceoutcome",
        "sources_sourceslug",
    )
)
MOVES = (Watch("articles_publication", ("INSERT", "UPDATE OF stamp"), "NEW.article_id").name,)
# Machines are told of a lead picture once every JPEG of it is made.
PICTURES = (Watch("articles_rendition", ("UPDATE OF state",), when="NEW.file_format = 'jpeg'").name,)
