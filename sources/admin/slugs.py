"""In each empty address, what it would be made of, while the name is typed (slug.js). The server has the last word."""

from collections.abc import Mapping
from typing import Any

from django.forms import Media, Script


class ProposesSlugs:
    """An admin whose `slugs_from` names, for each field of an address, the fields one of which it is made of: of the
    first that is filled.
    """

    slugs_from: Mapping[str, list[str]] = {}

    @property
    def media(self) -> Media:
        script: Any = Script("js/slug.js", type="module")  # the stubs know of names alone
        whole: Media = super().media + Media(js=[script])  # type: ignore[misc]
        return whole

    def formfield_for_dbfield(self, db_field: Any, *args: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, *args, **kwargs)  # type: ignore[misc]
        if field and (names := self.slugs_from.get(db_field.name)):
            field.widget.attrs["data-slug-from"] = " ".join(names)
        return field
