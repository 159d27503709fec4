"""Where a source publishes: by these rows a URL finds its source."""

from collections.abc import Iterable

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
