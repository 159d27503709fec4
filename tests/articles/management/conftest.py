"""What commands say is compared in English."""

import pytest


@pytest.fixture(autouse=True)
def _english(english: None) -> None:
    """Whichever language the test before left active."""
