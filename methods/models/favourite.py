"""Favourites: methods a person wants to find again."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from methods.models.method import Method
from methods.models.method_queryset import MethodQuerySet


class FavouriteQuerySet(models.QuerySet[Any]):
    def add(self, person: User, method: Method, now: datetime) -> None:
        """Two clicks are as good as one."""
        self.get_or_create(person=person, method=method, defaults={"at": now})

    def remove(self, person: User, method: Method) -> None:
        self.filter(person=person, method=method).delete()

    def methods_of(self, person: Any) -> MethodQuerySet:
        """The favourites that the person may see now, the newest first."""
        mine = Method.objects.visible_to(person).filter(favourites__person=person)
        shown: MethodQuerySet = mine.order_by("-favourites__at", "-pk")
        return shown


class Favourite(models.Model):
    """One method that one person has marked."""

    method = models.ForeignKey(Method, on_delete=models.CASCADE, related_name="favourites", verbose_name=_("method"))
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="favourites", verbose_name=_("person"))
    at = models.DateTimeField(_("chosen"))

    objects = FavouriteQuerySet.as_manager()

    if TYPE_CHECKING:
        method_id: int

    class Meta:
        verbose_name = _("favourite")
        verbose_name_plural = _("favourites")
        constraints = [models.UniqueConstraint(fields=["person", "method"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.person} ♥ {self.method}"
