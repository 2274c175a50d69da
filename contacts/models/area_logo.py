"""The logo of a coordination area: one picture, stored and served as `lib/uploads/` does."""

from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from contacts.models.coordination_area import CoordinationArea
from contacts.models.user import User
from lib.uploads.models import PICTURE_TOLD_IN_WORDS, UploadedFile, UploadedFileQuerySet
from lib.uploads.validation import ValidatedFile


class AreaLogoQuerySet(UploadedFileQuerySet):
    def visible_to(self, user: Any) -> "AreaLogoQuerySet":
        """Logos are public."""
        return self.shown()

    @transaction.atomic
    def store_upload(self, area: CoordinationArea, judged: ValidatedFile, person: User) -> "AreaLogo":
        """Put a picture in the place of the one before it. Raises Refused when there is no room."""
        CoordinationArea.objects.select_for_update().get(pk=area.pk)
        self.filter(area=area).discard()
        self.none().refuse_without_room(judged, _("The logo is too large: at most %(most)d MB."))
        logo = AreaLogo(area=area, alt=area.name)
        logo.bring_in(judged, person)
        return logo


class AreaLogo(UploadedFile):
    """The picture at the head of an area's pages. A new one takes the place of the old one at once."""

    ROOM, PAGES = "contacts", "contacts:logo"

    area = models.OneToOneField(CoordinationArea, on_delete=models.CASCADE, related_name="logo", verbose_name=_("area"))

    objects = AreaLogoQuerySet.as_manager()

    class Meta:
        verbose_name = _("logo")
        verbose_name_plural = _("logos")
        constraints = [models.CheckConstraint(condition=PICTURE_TOLD_IN_WORDS, name="area_logo_is_picture")]

    def __str__(self) -> str:
        return self.alt

    @property
    def slug_of_page(self) -> str:
        return self.area.slug

    @property
    def small_url(self) -> str:
        """The smallest copy, for the head of a page."""
        return self.url_of(self.widths[0])
