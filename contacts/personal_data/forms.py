"""A form whose free texts are looked through before they are sent: codes stop, other personal data is asked about."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from contacts.personal_data.detection import CODE, Match, find

KNOWINGLY = "knowingly"


class PersonalDataMixin:
    """Stands before the form's base. What was found and let through by the writer is in `findings`.

    A text that was there before, and was let through then, is not asked about again.
    """

    free_texts: ClassVar[tuple[str, ...]] = ()
    speaks_of_young: ClassVar[bool] = False
    # what the writer ticks to send it all the same; empty when it cannot be sent as it is
    send_anyway: ClassVar[Any] = _("Send it as it is. The coordinator reads it before others see it.")
    findings: list[Match] = []

    fields: Any
    data: Any
    cleaned_data: Any
    initial: Any

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc]
        self.findings = self._new_findings()
        asked = [finding for finding in self.findings if finding.kind != CODE]
        is_meant = bool(self.send_anyway and self.data.get(KNOWINGLY))
        for finding in self.findings:
            if finding.kind == CODE or not is_meant:
                self._complain(finding)
        if asked and self.send_anyway:
            self.fields[KNOWINGLY] = forms.BooleanField(label=self.send_anyway, required=False)
        return told

    def _new_findings(self) -> list[Match]:
        known = {finding[1:] for finding in self._find(self.initial)} if self._was_let_through() else set()
        return [finding for finding in self._find(self.cleaned_data) if finding[1:] not in known]

    def _was_let_through(self) -> bool:
        """There is a stored row, and it is not held back."""
        row = getattr(self, "instance", None)
        return bool(row and row.pk and not getattr(row, "held_at", None))

    def _find(self, values: Any) -> list[Match]:
        texts = [(name, str(values.get(name) or "")) for name in self.free_texts]
        return find(texts, self.speaks_of_young)

    def _complain(self, finding: Match) -> None:
        words = finding.sentence(str(self.fields[finding.field].label))
        if words not in self.errors.get(finding.field, []):  # type: ignore[attr-defined]
            self.add_error(finding.field, words)  # type: ignore[attr-defined]
