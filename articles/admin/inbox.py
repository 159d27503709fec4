"""My notifications: what I was told, and how I want to be told. Everybody has their own and nobody else's."""

from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from articles import notifications
from articles.models import Notification
from articles.models.notification import Event

from .screens import ReadOnlyAdmin, user, whole

LENGTH = 50


@admin.register(Notification)
class NotificationAdmin(ReadOnlyAdmin):
    """No list, no form: the pages are about whoever asks, so there is no row to name in an address."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return obj is None  # of the page; a row is never opened

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("", view(self.inbox), name="articles_notification_changelist"),
            path("read/", view(self.read), name="articles_notification_read"),
            path("choices/", view(self.choose), name="articles_notification_choices"),
        ]

    def inbox(self, request: HttpRequest) -> HttpResponse:
        """What is unread first; how I am told, below."""
        person = user(request)
        number = max(1, whole(request.GET.get("p")))
        start = (number - 1) * LENGTH
        rows = list(Notification.objects.inbox(person.pk).select_related("version")[start : start + LENGTH + 1])
        choice = notifications.choice_of(person)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": _("My notifications"),
            "entries": [(row, notifications.sentence(row), notifications.url(row)) for row in rows[:LENGTH]],
            "unread": Notification.objects.unread(person.pk).count(),
            "newest": max((row.pk for row in rows if not row.read_at), default=0),
            "before": number - 1,
            "after": number + 1 if len(rows) > LENGTH else 0,
            "events": [(event, choice.of(event)) for event in Event],
            "language": choice.language,
            "languages": settings.LANGUAGES,
            "address": person.email,
        }
        return TemplateResponse(request, "admin/articles/inbox.html", context)

    def read(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            one, upto = whole(request.POST.get("one")), whole(request.POST.get("upto"))
            notifications.mark_read(user(request), one=one or None, upto=upto)
        return self._back()

    def choose(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST":
            language = request.POST.get("language", "")
            if language in dict(settings.LANGUAGES):
                events = {
                    event.value: {way: f"{event.value}-{way}" in request.POST for way in ("inbox", "mail")}
                    for event in Event
                }
                notifications.choose(user(request), language, events)
                self.message_user(request, _("Your choices are kept."), messages.SUCCESS)
            else:
                self.message_user(request, _("Choose the language of your mail."), messages.ERROR)
        return self._back()

    def _back(self) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_notification_changelist"))
