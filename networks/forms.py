"""Asking to join a network, and the coordinator's answer."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
