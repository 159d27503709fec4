"""A web process of the cluster that the journeys ask: as in production, but that a password is cheap to make and check,
as those of the tests are, and that it knows by heart no row which a test before has taken away.
"""

from newsroom.settings import *  # noqa: F403
from newsroom.settings import MIDDLEWARE

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE = ["tests.cluster.forgetting.ForgetMiddleware", *MIDDLEWARE]
