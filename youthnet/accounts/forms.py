"""allauth's forms in the portal's words: a label above each box instead of grey words inside it."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.utils.translation import gettext_lazy as _

from lib.forms.fields import AddressField


class _Plain(forms.Form):
    """Takes the grey words out and has an address typed the same way everywhere."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in {"login", "email"}:
                self.fields[name] = AddressField(label=_("E-mail"), required=field.required, widget=field.widget)
            if name == "code":
                field.label = _("Code")
                field.widget.attrs.update(autofocus=True, autocapitalize="characters", spellcheck="false", maxlength=16)


class LoginForm(_Plain, allauth.LoginForm):
    """The address to which the code is sent."""


class RequestLoginCodeForm(_Plain, allauth.RequestLoginCodeForm):
    """The same, on its own page."""


class SignupForm(_Plain, allauth.SignupForm):
    """The address, and what contacts.forms.SignupForm asks."""


class ConfirmLoginCodeForm(_Plain, allauth.ConfirmLoginCodeForm):
    """The code of a sign-in."""


class ConfirmReauthenticationCodeForm(_Plain, allauth.ConfirmReauthenticationCodeForm):
    """The code that the address in use is asked for before it can be changed."""


class ConfirmEmailVerificationCodeForm(_Plain, allauth.ConfirmEmailVerificationCodeForm):
    """The code that proves an address."""


class AddEmailForm(_Plain, allauth.AddEmailForm):
    """A new address instead of the old one."""
