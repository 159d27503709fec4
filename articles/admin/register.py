"""The register in the admin, where articles come in: the plain one of `sources`, extended."""

from django.contrib import admin

from sources.admin import SourceAdmin
from sources.models import Source

from .joining import MergeScreens

admin.site.unregister(Source)


@admin.register(Source)
class RegisterAdmin(MergeScreens, SourceAdmin):
    """What is kept of a source is `sources`' matter; what it does to articles is ours."""
