"""The form of a timeline: four steps, each on or off, so many days from the meeting, at an hour of the day."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from lib.forms.versions import VersionedForm
from lib.text.dates import clock
from meetings.models.reminder_rule import FIRST_HOUR, LAST_HOUR, MOST_DAYS, MOST_DAYS_AFTER, Plan, Step, Timeline

HELP = {
    Step.INVITATION: _(
        "To the members of the meeting's networks and to people on the list, when the meeting has been published and "
        "nobody has been invited by hand. A meeting published after this day is not sent out by itself."
    ),
    Step.UNANSWERED: _(
        "To those who were invited and have said nothing. Whoever got a letter about the meeting in the last two days "
        "is left in peace."
    ),
    Step.COMING: _(
        "With the link for joining, the agenda and the materials. Where there is sign-up, to those who have a place. "
        "Elsewhere to those who come or perhaps come, and also to the invited who have not answered: many of them come "
        "all the same. Whoever has said no is left in peace."
    ),
    Step.THANKS: _(
        "To those who were marked as present, with the certificate. When this is turned off, certificates leave by a "
        "letter of their own."
    ),
}


def _on_the_clock(hour: int) -> str:
    """ "9" in Finnish and Swedish, "09:00" in English."""
    return clock(datetime(2027, 1, 1, hour), get_language() or "fi")


class TimelineForm(VersionedForm, forms.Form):
    """Made for the timeline as it stands."""

    def __init__(self, timeline: Timeline, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.timeline = timeline
        for step in Step:
            self._add(timeline[step])

    def _add(self, plan: Plan) -> None:
        days = _("Days after the meeting") if plan.is_after else _("Days before the meeting")
        most = MOST_DAYS_AFTER if plan.is_after else MOST_DAYS
        hours = [(hour, _on_the_clock(hour)) for hour in range(FIRST_HOUR, LAST_HOUR + 1)]
        self.fields |= {
            f"{plan.step}_on": forms.BooleanField(label=_("Leaves by itself"), required=False, initial=plan.is_on),
            f"{plan.step}_days": forms.IntegerField(label=days, min_value=1, max_value=most, initial=plan.days),
            f"{plan.step}_hour": forms.TypedChoiceField(
                label=pgettext_lazy("of a timeline", "At"), choices=hours, coerce=int, initial=plan.hour
            ),
        }

    def steps(self) -> list[dict[str, Any]]:
        """The fields of each step with its name and what it does."""
        names = ["on", "days", "hour"]
        return [
            {"name": step.label, "help": HELP[step], "fields": [self[f"{step.value}_{name}"] for name in names]}
            for step in Step
        ]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        on = [step.value for step in (Step.INVITATION, Step.UNANSWERED, Step.COMING) if facts.get(f"{step.value}_on")]
        days = [facts.get(f"{step}_days") or 0 for step in on]
        if all(days) and days != sorted(days, reverse=True):
            self.add_error(None, _("The steps must come in order: first the invitation, last the day of the meeting."))
        return facts

    def plans(self) -> Timeline:
        """The timeline as it was filled in."""
        filled = self.cleaned_data
        return {step: Plan(step, *(filled[f"{step.value}_{name}"] for name in ("on", "days", "hour"))) for step in Step}
