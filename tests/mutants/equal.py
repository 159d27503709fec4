"""Faults that change nothing that anybody could see, each looked at by a person: the line as it is then, and why."""

EQUAL = {
    "sources.fetching": {
        "parts = urlsplit((url))": "the standard library strips it too",
        "if False: connection.settimeout(self.seconds())": "a request of 2 kB never waits; each read sets its own",
        "answer = HTTPResponse(wire, method=('XGET'))  # type: ignore[arg-type]": "only HEAD is told from the others",
    },
}
