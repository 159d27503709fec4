"""The groups of a desk and what each may do in the admin. The moves ask for a role's permission, never for a group."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.states import Role

_READ = ("articles.view_article", "articles.view_publication", "articles.view_version", "articles.view_reviewstatus",
         "articles.view_schedule", "articles.view_correction",
         "articles.view_category", "articles.view_author", "articles.view_citation", "articles.view_photo",
         "sources.view_source",
         "sources.view_sourceaddress", "sources.view_sourceassessment", "sources.view_sourceoutcome")  # fmt: skip

GROUPS: dict[str, tuple[str, ...]] = {
    "Editors": (
        f"articles.{Role.EDITOR.value}",
        *_READ,
        *(f"articles.{verb}_{model}" for model in ("article", "citation", "photo") for verb in ("add", "change")),
        "articles.delete_citation",
        "sources.add_source",
        "sources.add_sourceaddress",
    ),
    "Reviewers": (f"articles.{Role.REVIEWER.value}", *_READ),
    "Publishers": (
        f"articles.{Role.PUBLISHER.value}",
        *_READ,
        *(f"articles.{verb}_{model}" for model in ("category", "author") for verb in ("add", "change")),
    ),
    "Librarians": (
        *_READ,
        *(f"sources.{verb}_{model}" for model in ("source", "sourceaddress") for verb in ("add", "change")),
        "sources.delete_sourceaddress",
        "sources.add_sourceassessment",
        "sources.add_sourceoutcome",
    ),
}

LABELS = {"Librarians": gettext_lazy("Librarians")} | {
    name: role.label for name, permissions in GROUPS.items() for role in Role if f"articles.{role}" in permissions
}
VERBS = {
    "add": gettext_lazy("add"), "change": gettext_lazy("change"), "delete": gettext_lazy("delete"),
    "view": gettext_lazy("look at"),
}  # fmt: skip


def label(name: str) -> str:
    """What a group of this name is called in the active language; a desk's own group as the desk called it."""
    return str(LABELS.get(name, name))


def permission_label(permission: Any) -> str:
    """What a permission allows, in the active language: Django keeps its own words for it, in English."""
    verb = permission.codename.partition("_")[0]
    what = Role(permission.codename).label if permission.codename in Role else VERBS.get(verb) or _(permission.name)
    return f"{permission.content_type.name}: {what}"


def install(apps: Any) -> None:
    """Make the groups with their permissions; a migration passes its own registry. The same again changes nothing."""
    content_types = apps.get_model("contenttypes", "ContentType").objects
    permissions = apps.get_model("auth", "Permission").objects
    made = {}
    for full in sorted({full for wanted in GROUPS.values() for full in wanted}):
        app_label, codename = full.split(".")
        model = "publication" if codename in Role.values else codename.partition("_")[2]
        content_type, _created = content_types.get_or_create(app_label=app_label, model=model)
        made[full], _created = permissions.get_or_create(
            content_type=content_type, codename=codename, defaults={"name": codename.replace("_", " ")}
        )
    for name, wanted in GROUPS.items():
        group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.add(*(made[full] for full in wanted))
