"""What `migrate` leaves: no trigger less than there is to be."""

import pytest
from django.core.management import call_command
from django.db import connection

from sources import frozen


@pytest.mark.django_db
def test_a_trigger_that_a_migration_lost_is_made_again() -> None:
    stood = frozen.standing(connection)
    with connection.cursor() as cursor:
        for trigger in (stood[0], stood[-1]):
            cursor.execute(trigger.drop)
    assert len(frozen.missing(connection)) >= 1
    call_command("migrate", verbosity=0)
    assert frozen.missing(connection) == []
    assert frozen.standing(connection) == stood
