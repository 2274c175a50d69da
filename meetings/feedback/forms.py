"""The form of feedback: a grade, a recommendation, and free text."""

from django import forms
from django.utils.translation import gettext_lazy


class FeedbackForm(forms.Form):
    """How was it?"""

    GRADES = [
        (5, gettext_lazy("5 – excellent")),
        (4, gettext_lazy("4 – good")),
        (3, gettext_lazy("3 – all right")),
        (2, gettext_lazy("2 – poor")),
        (1, gettext_lazy("1 – bad")),
    ]
    RECOMMENDS = [("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]

    grade = forms.TypedChoiceField(
        label=gettext_lazy("How useful was the meeting for your work?"),
        choices=GRADES,
        coerce=int,
        widget=forms.RadioSelect,
    )
    recommends = forms.TypedChoiceField(
        label=gettext_lazy("Would you recommend it to a colleague?"),
        choices=RECOMMENDS,
        coerce=lambda said: said == "yes",
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=gettext_lazy("In your own words"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Do not write names. Your answer is kept without yours."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
