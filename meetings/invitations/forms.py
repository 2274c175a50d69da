"""The form of an answer to an invitation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from meetings.models import Participation


class AnswerForm(forms.Form):
    """Will you come?"""

    answer = forms.ChoiceField(label=_("Will you come?"), choices=Participation.ANSWERS, widget=forms.RadioSelect)
    comment = forms.CharField(
        label=_("Message to the coordinator"),
        max_length=300,
        required=False,
        help_text=_("Only the coordinator reads it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


def initial_of(own: Participation | None) -> dict[str, str]:
    """What the form shows of an answer given before."""
    return {"answer": own.answer, "comment": own.comment} if own else {}
