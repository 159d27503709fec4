"""Lists as long as one likes: how many rows there are is never counted, only whether there are some pages more."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

AHEAD = 10  # pages that one can go on to at once


class LongList:
    """For an admin whose table grows with the desk."""

    show_full_result_count = False

    def get_paginator(self, request: HttpRequest, queryset: Any, per_page: int, *args: Any, **kwargs: Any) -> Paginator:
        asked = request.GET.get("p", "")
        page = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 1
        return Ahead(queryset, per_page, *args, most=(page + AHEAD) * per_page, **kwargs)


class Ahead(Paginator):
    """Counts up to `most`, and no further."""

    def __init__(self, *args: Any, most: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = most

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return int(rows.order_by()[: self.most].count())
