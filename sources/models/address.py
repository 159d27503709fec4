"""Where a source publishes: by these rows a URL finds its source."""

from collections.abc import Iterable
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from sources import addresses

from .source import Source


class SourceAddressQuerySet(models.QuerySet["SourceAddress"]):
    def for_url(self, url: str) -> "SourceAddress | None":
        """The most specific address that `url` lies under. Raises BadAddress."""
        places = addresses.candidates(url)
        found = self.on_hosts(place.host for place in places)
        return next((found[place] for place in places if place in found), None)

    def on_hosts(self, hosts: Iterable[str]) -> "dict[addresses.Place, SourceAddress]":
        """Every address on these, with its source."""
        rows = self.select_related("source").filter(host__in=set(hosts))
        return {addresses.Place(row.host, row.path): row for row in rows}

    def like(self, text: str) -> Self:
        """Those with `text` in them; of a whole URL, the one that it lies under."""
        if "://" in text:
            try:
                found = self.for_url(text)
            except addresses.BadAddress:
                return self.none()
            return self.filter(pk=found and found.pk)
        host, _slash, path = text.strip().casefold().removeprefix("www.").partition("/")
        return self.filter(host__contains=host, path__startswith=path) if host else self.none()


class SourceAddress(models.Model):
    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("source"))
    host = models.CharField(_("host"), max_length=253, help_text=_("As in example.org, without https://."))
    path = models.CharField(
        _("path"), max_length=200, blank=True, help_text=_("The account on a platform, as in x.com/account.")
    )

    objects = SourceAddressQuerySet.as_manager()

    class Meta:
        verbose_name = _("address of a source")
        verbose_name_plural = _("addresses of sources")
        constraints = (models.UniqueConstraint(fields=("host", "path"), name="source_address_once"),)

    def __str__(self) -> str:
        return str(addresses.Place(self.host, self.path))

    def clean(self) -> None:
        host = self.host if "://" in self.host else f"https://{self.host}"
        try:
            place = addresses.parse(f"{host.rstrip('/')}/{self.path}".rstrip("/"))
            if addresses.platform(place.host):
                place = addresses.account(f"https://{place}")
        except addresses.BadAddress as error:
            raise ValidationError({"host": str(error)}) from error
        self.host, self.path = place.host, place.path.lower()

    def unique_error_message(self, model_class: Any, unique_check: Any) -> ValidationError:
        """Whose address it is."""
        other = SourceAddress.objects.select_related("source").get(host=self.host, path=self.path)
        named = {"source": other.source, "place": self}
        return ValidationError(_("“%(source)s” publishes at %(place)s already.") % named)
