"""Who comes to the cluster: readers, who ask one server, and people of the desk, each of whose requests another web
process answers.
"""

import http.client
import os
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from http.cookiejar import CookieJar
from itertools import cycle
from urllib.parse import urlencode

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django

django.setup()  # beside which the parser of pages stands, and who is at the demo's desk
from newsroom.demo.desk import PEOPLE  # noqa: E402
from tests.articles.admin.conftest import Page  # noqa: E402


@dataclass(frozen=True)
class Answer:
    status: int
    etag: str
    age: int  # seconds at the edge
    body: bytes


def read(port: int, path: str, method: str = "GET", timeout: float = 30, **headers: str) -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, headers={"Host": "127.0.0.1", "Accept-Language": "en"} | headers)
        told = connection.getresponse()
        return Answer(told.status, told.headers.get("ETag", ""), int(told.headers.get("Age", 0)), told.read())
    finally:
        connection.close()


class Person:
    def __init__(self, ports: Sequence[int], name: str) -> None:
        self.ports = cycle(ports)
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.post("/accounts/login/?next=/admin/", "password", login=name, password=PEOPLE[name][2])

    def form(self, path: str, field: str) -> dict[str, list[str]]:
        """What stands in the form at `path` that has this field."""
        page = self._ask(path)
        within = next(element.within for element in page.elements if element["name"] == field)
        form = next(element for element in within if element.tag == "form")
        return page.form(**form.attributes)

    def post(self, path: str, field: str, **changes: str) -> Page:
        """That form, as a browser sends it: got of one process, sent to the next."""
        return self._ask(path, self.form(path, field) | {name: [value] for name, value in changes.items()})

    def _ask(self, path: str, fields: dict[str, list[str]] | None = None) -> Page:
        data = None if fields is None else urlencode(fields, doseq=True).encode()
        url = f"http://127.0.0.1:{next(self.ports)}{path}"
        request = urllib.request.Request(url, data, {"Accept-Language": "en"})
        with self.opener.open(request, timeout=60) as answer:
            return Page(answer.read().decode())
