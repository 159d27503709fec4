"""Whether a translation still says what the other language says: by versions, never by dates. Pure."""


def behind(live: int, made_from: int | None, left: int, reached: int | None) -> bool:
    """Whether a version `live`, made beside the other language's version `made_from`, is behind a change of substance
    there from version `left` to `reached` (None: withdrawn). All are numbers of rows: they follow the order of
    submissions.
    """
    base = live if made_from is None else made_from
    return left >= base if reached is None else reached > base
