"""A quick method: five boxes that are filled in on a phone after the evening. The coordinator completes it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Term, User
from contacts.personal_data.forms import PersonalDataMixin
from lib.exceptions import Refused
from lib.uploads.validation import ACCEPT_PICTURE, ValidatedFile, validate
from methods.models import Attachment, Method

MOST_GROUPS = 5


class QuickMethodForm(PersonalDataMixin, forms.Form):
    """What was done, in the words of who did it. The picture needs the word that it may be shown, nothing else."""

    free_texts = ("title", "what")

    title = forms.CharField(
        label=pgettext_lazy("of a method", "Title"),
        min_length=5,
        max_length=120,
        help_text=_("A name that tells what happens."),
    )
    what = forms.CharField(
        label=_("What did you do?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("As you would tell a colleague. No names and nothing by which a young person can be recognised."),
    )
    whom = forms.ModelMultipleChoiceField(
        label=_("For whom?"),
        queryset=Term.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose at least one.")},
    )
    minutes = forms.IntegerField(
        label=_("How long did it take, in minutes?"),
        min_value=1,
        max_value=30_000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    photo = forms.FileField(
        label=_("A photo"),
        required=False,
        widget=forms.FileInput(attrs={"accept": ACCEPT_PICTURE}),
        help_text=_("Places and cameras noted in it are removed."),
    )
    agrees = forms.BooleanField(
        label=_("I may publish the photo, and no young person can be recognised in it."), required=False
    )
    judged: ValidatedFile | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].queryset = Term.objects.in_list("target_groups")

    def clean_whom(self) -> Any:
        if len(self.cleaned_data["whom"]) > MOST_GROUPS:
            raise forms.ValidationError(_("Choose at most five."))
        return self.cleaned_data["whom"]

    def clean_photo(self) -> Any:
        """Judged by its bytes."""
        photo = self.cleaned_data["photo"]
        if not photo:
            return None
        try:
            self.judged = validate(photo)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if not self.judged.is_picture:
            raise forms.ValidationError(_("A cover is a picture: JPEG, PNG, WebP or HEIC."))
        return photo

    def clean(self) -> dict[str, Any]:
        told = super().clean()
        if self.judged and not told.get("agrees"):
            self.add_error("agrees", _("Tick this, or leave the photo out."))
        return told

    def hand_over(self, key: UUID, author: User, now: datetime) -> Method | None:
        """Store it and give it to the coordinator. None, with words at the field, when there is no room."""
        told = self.cleaned_data
        try:
            with transaction.atomic():
                method: Method = Method.objects.hand_over(
                    key=key,
                    title=told["title"],
                    text=told["what"],
                    target_groups=told["whom"],
                    minutes=told["minutes"],
                    author=author,
                    now=now,
                )
                if self.judged:
                    words = {"alt": told["title"], "caption": ""}
                    Attachment.objects.store_upload(method, self.judged, author, now, is_cover=True, **words)
                return method
        except Refused as refusal:
            self.add_error("photo", str(refusal))
            return None
