"""Asking to join a network, and the coordinator's answer."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from networks.models import AlreadyAsked, Membership


class JoinForm(forms.Form):
    """A few words to the coordinator."""

    message = forms.CharField(
        label=_("Message to the coordinator"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you do and why the network interests you."),
    )


class RefusalForm(forms.Form):
    """Why the answer is no. The person reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("The person reads this in a letter."),
    )


class MembershipForm(forms.ModelForm):
    """Taking a person in from the desk: one who waits is let in, one who belongs already is not taken in again."""

    class Meta:
        model = Membership
        fields = ["network", "user", "role", "represents"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        network, person = told.get("network"), told.get("user")
        standing = network.membership_of(person) if network and person else None
        if standing and standing.is_active:
            raise forms.ValidationError(str(AlreadyAsked()))
        return told
