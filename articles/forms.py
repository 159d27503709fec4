"""What editors and reviewers type, and what is said back when it cannot be kept as it is."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from articles import cleaning
from articles.models import Citation
from sources import addresses, proposing


class CitationForm(forms.ModelForm):
    """Paste a URL and its source is found; where none is known, its name makes it in place."""

    new_source = forms.CharField(
        label=_("New source"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"class": "desk-input"}),
        help_text=_("Only if no source is found for the URL: who published it. It starts as not rated."),
    )

    class Meta:
        model = Citation
        fields = (
            "url", "source", "new_source", "stance", "first_hand", "origin", "title", "title_language", "quote",
            "locator", "accessed", "archive_url", "position",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quote"].widget.attrs["rows"] = 2
        self.fields["source"].required = False
        self.fields["source"].help_text = _("Left empty, it is found by the URL.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (url := data.get("url")) and not data.get("source"):
            try:
                data["source"] = proposing.source_of(url)
                if data["source"] is None:
                    self._check_new_source(addresses.account(url), data.get("new_source", ""))
            except addresses.BadAddress as error:
                self.add_error("url", str(error))
        return data

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
