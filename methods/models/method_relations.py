"""What ties a method to people and to other methods: authors, lineage, related ones, a larger whole."""

from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from contacts.models import User
from methods.exceptions import LastAuthor, NoWhole
from methods.models.method_facts import Glance

if TYPE_CHECKING:
    from methods.models.method_queryset import MethodQuerySet

MOST_GENERATIONS = 12  # so many forebears are shown; it also ends a line that bites its own tail

_FOREBEARS = """
    WITH RECURSIVE line (id, parent, distance) AS (
        SELECT id, derived_from_id, 0 FROM methods_method WHERE id = %s
        UNION ALL
        SELECT m.id, m.derived_from_id, distance + 1 FROM methods_method m JOIN line ON m.id = line.parent
        WHERE distance < %s
    )
    SELECT m.*, line.distance FROM methods_method m JOIN line ON m.id = line.id WHERE distance > 0 ORDER BY distance
"""


class Bonds(Glance):
    """The authors of a method and its place among others."""

    co_authors = models.ManyToManyField(User, blank=True, related_name="co_authored", verbose_name=_("co-authors"))
    related = models.ManyToManyField("self", blank=True, verbose_name=_("see also"))
    part_of = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="parts", verbose_name=_("larger whole")
    )

    class Meta:
        abstract = True

    # questions

    def is_written_by(self, user: Any) -> bool:
        """Among the authors, the first or another."""
        return user.is_authenticated and (self.author_id == user.pk or self.co_authors.filter(pk=user.pk).exists())

    def author_pks(self) -> list[int]:
        """All the authors, the first one and the others."""
        others = list(self.co_authors.values_list("pk", flat=True))
        return [self.author_id, *others] if self.author_id else others

    def authors(self) -> list[User]:
        """All the authors, the first one first."""
        found = {user.pk: user for user in User.objects.filter(pk__in=self.author_pks()).alphabetical()}
        first = found.pop(self.author_id, None) if self.author_id else None
        return [first, *found.values()] if first else list(found.values())

    def forebears(self, readers: "MethodQuerySet") -> list[Any]:
        """The methods this one goes back to, the nearest first, those among `readers` only."""
        line = list(type(self)._default_manager.raw(_FOREBEARS, [self.pk, MOST_GENERATIONS]))
        shown = set(readers.filter(pk__in=[each.pk for each in line]).values_list("pk", flat=True))
        return [each for each in line if each.pk in shown and each.pk != self.pk]

    # verbs

    def add_author(self, person: User) -> bool:
        """Make a person one of the authors. True when this call did it."""
        if self.is_written_by(person):
            return False
        self.co_authors.add(person)
        return True

    def remove_author(self, person: User) -> None:
        """A person is no author any more; the first of the others takes the first place. Raises LastAuthor."""
        with transaction.atomic():
            others = [pk for pk in self.author_pks() if pk != person.pk]
            if not others:
                raise LastAuthor
            self.co_authors.remove(person)
            if self.author_id == person.pk:
                self.author_id = others[0]
                self.co_authors.remove(others[0])
                self.save(update_fields=["author"])

    def join(self, whole: Any) -> None:
        """Become a part of a larger whole. Wholes and parts are two levels, never more: raises NoWhole."""
        part: Any = self
        if whole.pk == self.pk or whole.part_of_id or part.parts.exists():
            raise NoWhole
        self._set_whole(whole)

    def leave_whole(self) -> None:
        self._set_whole(None)

    def _set_whole(self, whole: Any) -> None:
        self.part_of = whole
        self.save(update_fields=["part_of"])
