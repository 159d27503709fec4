"""Publications in the admin: looked at in a list, moved on screens of their own."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils.translation import gettext_lazy as _

from articles.models import Publication

from .desk import DeskScreens
from .judge import JudgeScreens
from .moves import MoveScreens
from .reassess import ReassessScreens
from .remarks import RemarkScreens
from .review import ReviewScreens


@admin.register(Publication)
class PublicationAdmin(ReviewScreens, RemarkScreens, ReassessScreens, JudgeScreens, MoveScreens, DeskScreens):
    list_display = ("__str__", "language", "where")
    list_filter = ("language", "state")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Publication]":
        return super().get_queryset(request).with_versions()

    @admin.display(description=_("where it stands"))
    def where(self, publication: Publication) -> str:
        return ", ".join(str(place.label) for place in publication.places)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/review/", view(self.review), name="articles_publication_review"),
            path("<int:pk>/verify/<int:number>/", view(self.verify), name="articles_publication_verify"),
            path("<int:pk>/remarks/<int:remark>/", view(self.remark), name="articles_publication_remark"),
            path("<int:pk>/reassess/", view(self.reassess), name="articles_publication_reassess"),
            path("<int:pk>/judge/<int:number>/", view(self.judge), name="articles_publication_judge"),
            path("<int:pk>/<slug:move>/do/", view(self.move), name="articles_publication_move"),
            path("lists/<slug:name>/", view(self.listed), name="articles_publication_list"),
            path("publish/", view(self.publish), name="articles_publication_publish"),
            path("hand_over/", view(self.hand_over), name="articles_publication_hand_over"),
            path("<int:pk>/assign/", view(self.assign), name="articles_publication_assign"),
            *super().get_urls(),
        ]
