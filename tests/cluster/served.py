"""For the journeys, a desk that is served elsewhere: by the cluster, through its edge, on the database of the tests."""

from typing import Any

import pytest
from django.test import override_settings

from tests.cluster.machines import EDGE, EDGE_DESK
from tests.cluster.people import read


class Elsewhere:
    """As pytest-django's LiveServer is asked."""

    url = f"http://127.0.0.1:{EDGE}"
    _live_server_modified_settings = override_settings()


@pytest.fixture(scope="session")
def live_server() -> Elsewhere:
    return Elsewhere()


@pytest.fixture(autouse=True)
def _nothing_of_another_test_at_the_edge(transactional_db: None, settings: Any) -> None:
    """Moves of the tests tell the edge as any other; that the rows of a test are flushed is no move."""
    settings.EDGE_PURGE_URL = f"http://127.0.0.1:{EDGE_DESK}/"
    read(EDGE_DESK, "/", "PURGE", **{"Surrogate-Key": "site"})
