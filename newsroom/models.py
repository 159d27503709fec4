"""What signing in leaves behind, and no model of an article knows of: `accounts` alone reads and writes it."""

from django.contrib.auth.models import User
from django.db import models


class Counter(models.Model):
    """Of attempts to sign in, mostly: a row of the cache `accounts.counting`."""

    key = models.CharField(max_length=64, primary_key=True)  # a hash: it names neither an account nor an address
    value = models.JSONField()
    expires = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class SignIn(models.Model):
    """By which a session began. Django's own sessions are asked for by their key alone, not by whose they are."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    session_key = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField(auto_now_add=True)
    ip = models.GenericIPAddressField()
    user_agent = models.CharField(max_length=400)

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"
