"""The forms of the page of preferences, one action each: choose, pause, another address, leave all, come back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from lib.forms.fields import AddressField
from lib.text.addresses import normal
from newsletters.models import MailingList
from newsletters.subscriptions import consent_texts as consent
from newsletters.subscriptions.forms import Lists
from newsletters.subscriptions.subscriber import Subscriber

MOST_WEEKS = 12


class SubscriberForm(forms.Form):
    """A form about one subscriber. `done` is what the page says afterwards."""

    done: Any = ""

    def __init__(self, subscriber: Subscriber, data: Any = None) -> None:
        super().__init__(data, initial=dict(self.as_it_is(subscriber)), auto_id=f"{type(self).__name__.lower()}_%s")
        self.subscriber = subscriber

    def as_it_is(self, subscriber: Subscriber) -> Mapping[str, Any]:
        return {}

    def apply(self, now: datetime) -> None:
        raise NotImplementedError


class ChooseForm(SubscriberForm):
    """What a subscriber gets, in which language. No list at all is a choice too."""

    done = _("Your choices are saved. They hold from the next letter on.")

    lists = Lists(queryset=MailingList.objects.none(), label=_("I want these letters"), required=False)
    language = forms.ChoiceField(label=_("Language of the letters"), choices=settings.LANGUAGES)

    def __init__(self, subscriber: Subscriber, data: Any = None) -> None:
        super().__init__(subscriber, data)
        self.fields["lists"].queryset = subscriber.offered()  # type: ignore[attr-defined]

    def as_it_is(self, subscriber: Subscriber) -> Mapping[str, Any]:
        return {"language": subscriber.language, "lists": subscriber.lists()}

    @property
    def consent(self) -> str:
        return consent.text(get_language())

    def apply(self, now: datetime) -> None:
        chosen = self.cleaned_data
        self.subscriber.choose(chosen["lists"], chosen["language"], now, consent.language(get_language()))


class PauseForm(SubscriberForm):
    """No letters for a while."""

    done = _("Your pause is saved.")

    weeks = forms.TypedChoiceField(label=_("How long"), coerce=int)

    def __init__(self, subscriber: Subscriber, data: Any = None) -> None:
        super().__init__(subscriber, data)
        self.fields["weeks"].choices = [  # type: ignore[attr-defined]
            (number, ngettext("%(count)d week", "%(count)d weeks", number) % {"count": number})
            for number in range(1, MOST_WEEKS + 1)
        ]

    def apply(self, now: datetime) -> None:
        self.subscriber.pause(self.cleaned_data["weeks"], now)


class ResumeForm(SubscriberForm):
    """The pause is over."""

    done = _("The pause is over: the next letter comes again.")

    def apply(self, now: datetime) -> None:
        self.subscriber.pause(0, now)


class AddressForm(SubscriberForm):
    """Letters to another address. The answer is the same whether the portal knows that address or not."""

    done = _(
        "If the new address can receive our letters, a letter is on its way to it. Press the button behind its link "
        "within seven days. Until then the letters come to the earlier address."
    )

    email = AddressField(
        label=_("New e-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "email"}), max_length=254
    )

    def clean_email(self) -> str:
        email = normal(self.cleaned_data["email"])
        if email == self.subscriber.email:
            raise forms.ValidationError(_("The letters come to this address already."))
        return email

    def apply(self, now: datetime) -> None:
        self.subscriber.ask_to_move(self.cleaned_data["email"], now)


class LeaveForm(SubscriberForm):
    """Leaves all lists; the reason is the subscriber's to give or to keep."""

    done = _("You have left all lists. No letters come to you any more.")

    reason = forms.CharField(
        label=_("Why do you leave?"),
        required=False,
        max_length=200,
        help_text=_("One line helps the coordinator to write better letters. You need not say anything."),
    )

    def apply(self, now: datetime) -> None:
        self.subscriber.leave_all(now, self.cleaned_data["reason"])


class ComeBackForm(SubscriberForm):
    """Leaving was a mistake."""

    done = _("You are back: the letters come as before.")

    def apply(self, now: datetime) -> None:
        self.subscriber.come_back(now, consent.language(get_language()))


# By the name of the button that was clicked; a form without such a button is the choice of lists.
FORMS: dict[str, type[SubscriberForm]] = {
    "choose": ChooseForm,
    "pause": PauseForm,
    "resume": ResumeForm,
    "new_address": AddressForm,
    "leave_all": LeaveForm,
    "come_back": ComeBackForm,
}


def submitted_form(data: Mapping[str, Any]) -> str:
    """The name of the form that was submitted."""
    return next((name for name in FORMS if name in data), "choose")
