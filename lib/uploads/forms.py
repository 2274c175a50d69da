"""The form by which a file is brought: judged by its bytes, with words for those who do not see a picture."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from lib.exceptions import Refused
from lib.forms.versions import VersionedForm
from lib.uploads import kept
from lib.uploads.validation import ACCEPT, ValidatedFile, validate

ALT = _("What the picture shows")
ALT_HINT = _("For a picture, in a sentence, for those who do not see it: “A cardboard clock with coloured pegs.”")


class KeptFileInput(forms.FileInput):
    """Takes a chosen file, or the one that was kept when the form was refused."""

    template_name = "lib/uploads/kept_file_input.html"
    kept = ""  # the token of the kept file
    kept_name = ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        chosen = super().value_from_datadict(data, files, name)
        sent = data.get(f"{name}-kept", "")
        if chosen or not sent:
            return chosen
        restored = kept.restore(sent)
        self.kept = sent if restored else ""
        return restored

    def stash(self, upload: Any) -> None:
        """Show with the form that the file is here already."""
        self.kept = self.kept or kept.stash(upload)
        self.kept_name = upload.name

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if self.kept_name:
            context["widget"] |= {"kept": self.kept, "kept_name": self.kept_name}
        return context


class FileForm(forms.Form):
    """A file, what a picture shows, and the word that it may be shown."""

    file = forms.FileField(
        label=_("File"),
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        help_text=_("A picture (JPEG, PNG, WebP, HEIC) or a document (PDF, ODT, DOCX), at most 20 MB."),
        widget=KeptFileInput(attrs={"accept": ACCEPT}),
    )
    alt = forms.CharField(label=ALT, max_length=250, required=False, help_text=ALT_HINT)
    agrees = forms.BooleanField(
        label=_("I have the right to publish this, and no young person can be recognised in the pictures."),
        error_messages={"required": _("Tick this, or choose another file.")},
    )
    judged: ValidatedFile | None = None

    def full_clean(self) -> None:
        """A good file outlives a form that is refused for something else."""
        super().full_clean()
        widget: Any = self.fields["file"].widget
        if self.judged and self.errors and "file" not in self.errors:
            widget.stash(self.cleaned_data["file"])
        elif self.judged and widget.kept:
            kept.forget(widget.kept)

    @property
    def is_file_kept(self) -> bool:
        widget: Any = self.fields["file"].widget
        return bool(widget.kept and widget.kept_name)

    def clean_file(self) -> Any:
        """Judged by its bytes."""
        try:
            self.judged = validate(self.cleaned_data["file"])
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from refusal
        return self.cleaned_data["file"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if self.judged and self.judged.is_picture and not told.get("alt") and "alt" not in self.errors:
            self.add_error("alt", _("Tell in words what the picture shows."))
        return told

    @property
    def alt_told(self) -> str:
        """The words of a picture; a document has none."""
        return self.cleaned_data["alt"] if self.judged and self.judged.is_picture else ""


class FileWordsForm(VersionedForm, forms.ModelForm):
    """What is said of a file that is there; only a picture is described."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.is_picture:
            self.fields["alt"].required = True
        else:
            del self.fields["alt"]
