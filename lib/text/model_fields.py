"""Columns that keep texts in their one spelling, whichever form, import, command or verb brings them."""

from typing import Any

from django.db import models
from django.db.models import lookups

from lib.forms.fields import AddressField as AddressBox
from lib.text.addresses import address_of, normal
from lib.text.normal_form import name_of


class _InOneSpelling(models.Field):
    """Mixed into a column for texts: what is stored, compared and looked up goes through `spelled` first.

    To the database, and so to migrations, it is the plain column of `plain`.
    """

    plain = ""

    def spelled(self, value: str) -> str:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        return self._spelled(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return self._spelled(super().get_prep_value(value))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """The row in hand has the spelling of the stored one."""
        value = self._spelled(super().pre_save(model_instance, add))
        setattr(model_instance, self.attname, value)
        return value

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, self.plain, args, kwargs

    def _spelled(self, value: Any) -> Any:
        return self.spelled(value) if isinstance(value, str) else value


class AddressField(_InOneSpelling, models.EmailField):
    """An e-mail address: small letters, the domain in ASCII; refused in words when letters cannot reach it."""

    plain = "django.db.models.EmailField"
    default_validators = [address_of]  # type: ignore[list-item]

    def spelled(self, value: str) -> str:
        return normal(value)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**({"form_class": AddressBox} | kwargs))


@AddressField.register_lookup
class _InAnyCase(lookups.IExact):
    """Also a question in any case is asked in the one spelling."""

    prepare_rhs = True


class NameField(_InOneSpelling, models.CharField):
    """The name of a person or a body: on one line, without marks that nobody sees."""

    plain = "django.db.models.CharField"

    def spelled(self, value: str) -> str:
        return name_of(value)
