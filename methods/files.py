"""Forms for the pictures and documents of a method, and the page on which its authors keep them in order."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from methods.models import Attachment, Method
from methods.models.attachment import MOST
from youthnet.uploads.judging import ACCEPT, ACCEPT_PICTURE, Judged, judge
from youthnet.uploads.refusal import Refused

ALT = _("What the picture shows")
ALT_HINT = _("For a picture, in a sentence, for those who do not see it: “A cardboard clock with coloured pegs.”")


class UploadForm(forms.Form):
    """A new attachment."""

    is_cover = False

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        help_text=_("A picture (JPEG, PNG, WebP) or a document (PDF, ODT, DOCX), at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )
    caption = forms.CharField(
        label=_("Caption or name"),
        max_length=200,
        required=False,
        help_text=_("Shown with it, in place of the name of the file."),
    )
    alt = forms.CharField(label=ALT, max_length=250, required=False, help_text=ALT_HINT)
    agrees = forms.BooleanField(
        label=_("I have the right to publish this, and no young person can be recognised in the pictures."),
        error_messages={"required": _("Tick this, or choose another file.")},
    )
    judged: Judged | None = None

    def clean_file(self) -> Any:
        """Judged by its bytes."""
        try:
            self.judged = judge(self.cleaned_data["file"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        if self.is_cover and not self.judged.is_picture:
            raise forms.ValidationError(_("A cover is a picture: JPEG, PNG or WebP."))
        return self.cleaned_data["file"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.judged and self.judged.is_picture and not told.get("alt") and "alt" not in self.errors:
            self.add_error("alt", _("Tell in words what the picture shows."))
        return told

    def keep(self, method: Method, person: Any, now: datetime) -> bool:
        """Store it. False, with words at the field, when there is no room."""
        told = self.cleaned_data
        words = {"alt": told["alt"] if self.judged.is_picture else "", "caption": told["caption"]}  # type: ignore[union-attr]
        try:
            Attachment.objects.take_in(method, self.judged, person, now, is_cover=self.is_cover, **words)  # type: ignore[arg-type]
        except Refused as refusal:
            self.add_error("file", str(refusal))
            return False
        return True


class CoverForm(UploadForm):
    """A new cover picture."""

    is_cover = True
    field_order = ["file", "alt", "caption", "agrees"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "JPEG, PNG or WebP, at most 20 MB. Places and cameras noted in it are removed."
        )
        self.fields["file"].widget.attrs["accept"] = ACCEPT_PICTURE
        self.fields["caption"].label = _("Caption")
        self.fields["caption"].help_text = ""


class WordsForm(forms.ModelForm):
    """What is said of a picture or document that is there."""

    class Meta:
        model = Attachment
        fields = ["alt", "caption"]
        labels = {"alt": ALT, "caption": _("Caption or name")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_picture:
            self.fields["alt"].required = True
        else:
            del self.fields["alt"]

    def keep(self) -> None:
        """Store the words."""
        self.instance.reword(self.cleaned_data.get("alt", ""), self.cleaned_data["caption"])


class FilesPage:
    """All that the page shows: a form for each thing that is there, one for a cover and one for the next attachment."""

    def __init__(self, method: Method, *, new: UploadForm | None = None, words: WordsForm | None = None) -> None:
        self.method = method
        self.rows = [
            words if words and words.instance.pk == row.pk else words_form(row)
            for row in method.attachments.shown().in_order().select_related("agreed_by")
        ]
        self.removed = method.attachments.removed()
        self.cover_form = new if isinstance(new, CoverForm) else CoverForm(prefix="cover")
        self.form = new if new and not new.is_cover else UploadForm(prefix="file")

    @property
    def cover(self) -> WordsForm | None:
        return next((row for row in self.rows if row.instance.is_cover), None)

    @property
    def attachments(self) -> list[WordsForm]:
        return [row for row in self.rows if not row.instance.is_cover]

    @property
    def has_room(self) -> bool:
        return len(self.attachments) < MOST


def upload_form(data: Any, files: Any) -> UploadForm:
    """The form that was sent: that of the cover or that of an attachment."""
    if data.get("place") == "cover":
        return CoverForm(data, files, prefix="cover")
    return UploadForm(data, files, prefix="file")


def words_form(row: Attachment, data: Any = None) -> WordsForm:
    """The form of one thing that is there, blank or sent."""
    return WordsForm(data, instance=row, prefix=f"row{row.pk}")
