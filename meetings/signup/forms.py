"""The form of sign-up: who comes, in which way, replies to the meeting's questions, and colleagues."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from lib.forms.fields import AddressField
from meetings.models import Meeting, Participation, SignUp, SignUpQuestion


class ColleaguesForm(forms.Form):
    """Several people of one organisation: by name, or only counted."""

    most: int

    def __init__(self, signup: SignUp, *args: Any, most: int | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.most = signup.most_colleagues if most is None else most
        for number in range(self.most):
            self._add_colleague(number)
        if self.most:
            self.fields["colleagues_counted"] = forms.IntegerField(
                label=_("Others, only counted"),
                min_value=0,
                max_value=self.most,
                required=False,
                help_text=_("How many more come whose names you do not know yet."),
            )

    def show(self, along: int) -> "ColleaguesForm":
        """As it stands on the page of somebody with so many colleagues: the press tells how many were shown."""
        self.fields["seen"] = forms.IntegerField(initial=along, required=False, widget=forms.HiddenInput)
        return self

    def seen(self) -> int | None:
        return self.cleaned_data.get("seen")

    def _add_colleague(self, number: int) -> None:
        words = {"number": number + 1}
        name = forms.CharField(label=_("Colleague %(number)d: name") % words, max_length=120, required=False)
        email = AddressField(label=_("Colleague %(number)d: e-mail") % words, required=False)
        self.fields |= {f"colleague{number}": name, f"colleague{number}_email": email}

    def colleague_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("colleague")]

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or self.cleaned_data
        for number in range(self.most):
            if facts.get(f"colleague{number}_email") and not facts.get(f"colleague{number}"):
                self.add_error(f"colleague{number}", ValidationError(_("Write the name of the colleague too.")))
        if "colleagues_counted" in facts and len(self.colleagues()) > self.most:
            words = _("You can sign up at most %(number)d colleagues.") % {"number": self.most}
            self.add_error("colleagues_counted", ValidationError(words))
        return facts

    def colleagues(self) -> list[tuple[str, str]]:
        """Name and address of each; both empty for those who are only counted."""
        written = [(f"colleague{number}", f"colleague{number}_email") for number in range(self.most)]
        facts = self.cleaned_data
        named = [(facts[name], facts.get(email, "")) for name, email in written if facts.get(name)]
        return named + [("", "")] * (facts.get("colleagues_counted") or 0)


class SignUpForm(ColleaguesForm):
    """Made for one sign-up. Whoever is known (signed in, or by the link of a letter) need not tell who they are."""

    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = AddressField(label=_("Your e-mail"), widget=forms.EmailInput(attrs={"autocomplete": "email"}))
    organisation_name = forms.CharField(
        label=_("Organisation"),
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    mode = forms.ChoiceField(label=_("How do you take part?"), choices=Participation.MODES, widget=forms.RadioSelect)

    def __init__(self, signup: SignUp, *args: Any, is_known: bool, **kwargs: Any) -> None:
        super().__init__(signup, *args, **kwargs)
        self.questions = list(signup.questions.in_order())
        self.own = ["name", "email", "organisation_name", "mode"]
        if is_known:
            self._drop("name", "email", "organisation_name")
        if signup.meeting.mode != Meeting.HYBRID:
            self._drop("mode")
        for question in self.questions:
            self.fields[f"q{question.pk}"] = _field_of(question)
            self.own.append(f"q{question.pk}")

    def _drop(self, *names: str) -> None:
        for name in names:
            del self.fields[name]
            self.own.remove(name)

    def own_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.own]

    def replies(self) -> dict[int, str]:
        """Question → reply. A ticked box is kept as a word, an empty one not at all."""
        said = {question.pk: self.cleaned_data.get(f"q{question.pk}", "") for question in self.questions}
        return {pk: ("x" if value is True else value or "") for pk, value in said.items()}

    @property
    def mode_wished(self) -> str:
        return self.cleaned_data.get("mode", "")


def _field_of(question: SignUpQuestion) -> forms.Field:
    common: dict[str, Any] = {"label": question.text, "required": question.is_required}
    if question.kind == SignUpQuestion.CHECKBOX:
        return forms.BooleanField(**common)
    if question.kind == SignUpQuestion.CHOICE:
        choices = [(choice, choice) for choice in question.choices]
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **common)
    kept = _("Kept for %(days)d days after the meeting.") % {"days": question.keep_days}
    return forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 2}), help_text=kept, **common)
