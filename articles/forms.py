"""What editors and reviewers type, and what is said back when it cannot be kept as it is."""

import copy
from collections.abc import Mapping
from contextlib import suppress
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.db.models import Model
from django.forms import model_to_dict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles import citing, cleaning
from articles.models import Citation, Photo, PhotoFile
from articles.models.photo import SAID
from sources import addresses, proposing
from sources.models import Source, SourceAddress

SHOW = "_show"  # posted with a form: show it again with everything in it, and save nothing


class Shown(forms.ModelForm):
    def is_valid(self) -> bool:
        return super().is_valid() and SHOW not in self.data


class ArticleForm(Shown):
    """The working copy. `of_others`: by language, why somebody else has to write it."""

    of_others: Mapping[str, str] = {}

    def clean(self) -> dict[str, Any]:
        for name in self.changed_data:
            if reason := self.of_others.get(name.rpartition("_")[2]):
                self.add_error(name, reason)
        return super().clean() or {}


SOURCES = ("source", "origin")


class CitationForm(forms.ModelForm):
    """Paste a URL and its source is found; where none is known, its name makes it in place."""

    new_source = forms.CharField(
        label=_("New source"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "desk-input"}),
        help_text=_("Only if no source is found for the URL: who published it. It starts as not rated."),
    )

    mark = forms.CharField(
        label="", required=False, widget=forms.HiddenInput
    )  # of a new one: the key that marks in the text have

    class Meta:
        model = Citation
        fields = (
            "url", "mark", "source", "new_source", "stance", "first_hand", "origin", "title", "title_language", "quote",
            "locator", "accessed", "archive_url", "position",
        )  # fmt: skip

    places: Mapping[addresses.Place, SourceAddress] | None = None  # read together, where it is one of many

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quote"].widget.attrs["rows"] = 2
        self.fields["url"].widget.attrs["data-key"] = self.instance.key or ""
        if doubt := citing.archive_doubt(self.instance.url, self.instance.archive_url):
            self.fields["archive_url"].help_text = doubt
        self.fields["title_language"].help_text = _("And of the quote: a code, as in “en”, “vi” or “fr”.")
        self.fields["source"].required = False
        self.fields["source"].help_text = _("Left empty, it is found by the URL.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (url := data.get("url")) and not data.get("source"):
            try:
                data["source"] = self._source_of(url)
                if data["source"] is None:
                    self._check_new_source(addresses.account(url), data.get("new_source", ""))
            except addresses.BadAddress as error:
                self.add_error("url", str(error))
        return data

    def _source_of(self, url: str) -> Source | None:
        if self.places is None:
            return proposing.source_of(url)
        return next((self.places[place].source for place in addresses.candidates(url) if place in self.places), None)

    def _get_validation_exclusions(self) -> set[str]:
        """A source was chosen among rows that were read; the model would ask again, a query for each."""
        return super()._get_validation_exclusions() | {*SOURCES}  # type: ignore[misc]

    def clean_title_language(self) -> str:
        """What stands in `lang`, of the title and the quote."""
        code = cleaning.line(self.cleaned_data["title_language"])
        if code and not cleaning.is_language(code):
            raise forms.ValidationError(_("Write the code of a language, as in “en”, “vi” or “fr”."))
        return code

    def clean_new_source(self) -> str:
        return cleaning.line(self.cleaned_data["new_source"])

    def _check_new_source(self, place: addresses.Place, name: str) -> None:
        if not name:
            text = _("No source is known for %(place)s yet. Choose one, or write its name under “New source”.")
            self.add_error("source", text % {"place": place})

    def save(self, commit: bool = True) -> Citation:
        if not self.instance.source_id:
            self.instance.source = proposing.found_or_made(
                self.cleaned_data["url"], self.cleaned_data["new_source"], get_language() or ""
            )
        return super().save(commit)


class KnownChoiceField(forms.ModelChoiceField):
    """Chosen among rows that were read together, where it is one of many fields of a formset."""

    known: Mapping[str, Model] | None = None

    def to_python(self, value: Any) -> Any:
        if self.known is None or value in self.empty_values:
            return super().to_python(value)
        if (row := self.known.get(str(value))) is None:
            raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return row


class CitationFormSet(forms.BaseInlineFormSet):
    """As many queries for thirty citations as for one."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if not self.is_bound or index is None:
            return
        form.fields["source"].known = form.fields["origin"].known = self._sources
        form.places = self._places
        hidden = {"initial": form.fields["id"].initial, "required": False, "widget": forms.HiddenInput}
        if index < self.initial_form_count():
            form.fields["id"] = KnownChoiceField(self.get_queryset(), **hidden)
            form.fields["id"].known = {str(row.pk): row for row in self.get_queryset()}
        else:
            form.fields["id"] = forms.IntegerField(**hidden)  # what it was: another deleted it meanwhile

    def _posted(self, name: str) -> list[str]:
        """What stands in each row under this name."""
        return [self.data.get(f"{self.add_prefix(index)}-{name}", "") for index in range(self.total_form_count())]

    @cached_property
    def _places(self) -> dict[addresses.Place, SourceAddress]:
        """Where the sources that are found by their URLs may be."""
        hosts: set[str] = set()
        for url, source in zip(self._posted("url"), self._posted("source"), strict=True):
            with suppress(addresses.BadAddress):  # the row says so itself
                hosts |= set() if source else {place.host for place in addresses.candidates(url)}
        return SourceAddress.objects.on_hosts(hosts)

    @cached_property
    def _sources(self) -> dict[str, Source]:
        """Each as it was posted; what was merged since stands for the other."""
        posted = [pk for name in SOURCES for pk in self._posted(name)]
        rows = Source.objects.filter(pk__in={int(pk) for pk in posted if _is_key(pk)}).select_related("merged_into")
        return {str(row.pk): row.merged_into or row for row in rows}


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


# --- pictures ----------------------------------------------------------------------------------------

_uploads = signing.Signer(salt="articles.photo.upload")
_seen = signing.Signer(salt="articles.photo.seen")


def taken_in(name: str, file: PhotoFile) -> str:
    """What the form carries from then on in the place of an upload that was taken in: nobody has to choose it again."""
    return _uploads.sign_object({"name": name, "file": file.pk})


def not_taken(name: str, reason: str) -> str:
    return _uploads.sign_object({"name": name, "refused": reason})


class PhotoForm(forms.ModelForm):
    """What is said of a picture. The file itself was looked at before (`picturing`); a save of what another changed
    meanwhile is shown theirs first.
    """

    upload = forms.FileField(
        label=_("File"),
        required=False,
        widget=forms.FileInput(attrs={"class": "desk-input", "accept": "image/jpeg,image/png,image/webp,image/avif"}),
        help_text=_(
            "JPEG, PNG, WebP or AVIF, at most 20 MB. What the camera wrote into it, like the place, is removed."
        ),
    )
    kept = forms.CharField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Photo
        fields = (
            *(f"{name}_{code}" for code, _label in settings.LANGUAGES for name in SAID), "decorative", "credit",
            "licence", "source_url", "taken_on", "people", "place", "focal_x", "focal_y",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, name in ((code, f"{name}_{code}") for code, _label in settings.LANGUAGES for name in SAID):
            if name in self.fields:
                self.fields[name].widget.attrs["lang"] = code
        self.initial["seen"] = self._token(self.instance)
        if chosen := self._carried().get("name"):
            text = _("“%(name)s” is kept. Choose a file again only to take another.")
            self.fields["upload"].help_text = text % {"name": chosen}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, value in data.items():
            if isinstance(value, str) and name not in ("kept", "seen"):
                data[name] = cleaning.line(value)
        carried = self._carried()
        if reason := carried.get("refused"):
            self.add_error("upload", reason)
        elif "file" in carried:
            self.instance.file = PhotoFile.objects.get(pk=carried["file"])
        elif not self.instance.file_id and "upload" not in self.errors:
            self.add_error("upload", _("Choose a file."))
        if self.instance.pk:
            self._hold_against(Photo.objects.select_for_update().get(pk=self.instance.pk), data)
        return data

    def _hold_against(self, standing: Photo, data: dict[str, Any]) -> None:
        """Where somebody saved it since the form was opened, what differs is said; the next save is made knowingly."""
        if data.get("seen") == (token := self._token(standing)):
            return
        typed = copy.copy(self.data)
        typed[self.add_prefix("seen")] = token  # type: ignore[index]
        self.data = typed
        for name, theirs in model_to_dict(standing, fields=list(self.fields)).items():
            if name in data and data[name] != theirs:
                said = _("Somebody else saved meanwhile: “%(theirs)s”. Save again to keep what you typed.")
                self.add_error(name, said % {"theirs": theirs})
        if standing.file_id != self.instance.file_id:
            self.add_error("upload", _("Somebody else put another file here meanwhile. Save again to keep yours."))

    def _carried(self) -> dict[str, Any]:
        try:
            return dict(_uploads.unsign_object(self.data.get(self.add_prefix("kept"), "")))
        except signing.BadSignature:
            return {}

    def _token(self, photo: Photo) -> str:
        return _seen.signature(repr([photo.file_id, model_to_dict(photo, fields=self._meta.fields)]))
