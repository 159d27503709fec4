"""No page of the admin, and nothing else under it, for whoever must show a second factor and has not."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from newsroom.accounts import factors


class SecondFactorMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.NEWSROOM_SECOND_FACTOR and request.path.startswith(reverse("admin:index")):
            user = request.user
            if isinstance(user, User) and factors.must_have(user) and not factors.shown(request, user):
                return self._led(request, user)
        return self.get_response(request)

    def _led(self, request: HttpRequest, user: User) -> HttpResponse:
        path = request.get_full_path()
        if request.path in {reverse("admin:login"), reverse("admin:logout")}:
            return self.get_response(request)
        if factors.of(user).exists():  # the session is older than it, or was begun by another way
            logout(request)
            return redirect_to_login(path)
        return HttpResponseRedirect(f"{reverse('mfa_index')}?{urlencode({'next': path})}")
