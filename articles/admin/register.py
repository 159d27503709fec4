"""The register of sources, with what its changes do to articles."""

from django.contrib import admin

from sources.admin import SourceAdmin
from sources.models import Source

from .joining import MergeScreens

admin.site.unregister(Source)


@admin.register(Source)
class RegisterAdmin(MergeScreens, SourceAdmin):
    pass
