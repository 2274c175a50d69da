"""Texts held back because they may hold personal data: what waits in all rooms, and the coordinator's answer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from contacts.personal_data.detection import warnings_about
from lib.access import coordinators_only
from meetings.models import Wish
from methods.editing import held_changes
from methods.exceptions import ChangeOutdated
from methods.models import Trial, WorkingCopy
from youthnet.desk import emails

MOST = 50  # of a kind on the page
LONGEST_WORDS = 1000


@dataclass(frozen=True)
class Kind:
    """One kind of text; `rows` finds those of a coordinator's areas that are held."""

    code: str
    name: Any
    rows: Callable[[Any], Any]
    writer: Callable[[Any], Any]
    thing: Callable[[Any], Any]
    texts: Callable[[Any], list[tuple[str, str]]]
    show: Callable[[Any, datetime], Any]


KINDS = {
    kind.code: kind
    for kind in [
        Kind(
            "trial",
            gettext_lazy("Trial of a method"),
            lambda user: Trial.objects.run_by(user).held_back().select_related("method__area", "person"),
            lambda trial: trial.person,
            lambda trial: trial.method,
            lambda trial: trial.texts(),
            lambda trial, _now: trial.release(),
        ),
        Kind(
            "change",
            gettext_lazy("Change of a published method"),
            lambda user: WorkingCopy.objects.run_by(user).select_related("method__area", "person"),
            lambda copy: copy.person,
            lambda copy: copy.method,
            held_changes.texts_of,
            held_changes.store,
        ),
        Kind(
            "wish",
            pgettext_lazy("a kind of text", "Wish for a training"),
            lambda user: Wish.objects.run_by(user).held_back().active().select_related("area", "proposer"),
            lambda wish: wish.proposer,
            lambda wish: wish,
            lambda wish: wish.texts(),
            lambda wish, _now: wish.release(),
        ),
    ]
}


@dataclass(frozen=True)
class HeldRow:
    """One text on the page, with what it may hold in sentences."""

    kind: Kind
    row: Any

    @property
    def thing(self) -> Any:
        return self.kind.thing(self.row)

    @property
    def writer(self) -> Any:
        return self.kind.writer(self.row)

    @property
    def anchor(self) -> str:
        return f"{self.kind.code}-{self.row.pk}"

    def texts(self) -> list[tuple[str, str, list[str]]]:
        """(label, text, what it may hold) of each box that is not empty."""
        told = [(label, text) for label, text in self.kind.texts(self.row) if text]
        return [(label, text, warnings_about([(label, text)], speaks_of_young=True)) for label, text in told]


def waiting(user: Any, most: int) -> list[HeldRow]:
    """What waits for the coordinator, not for its writer, for the first page of the desk."""
    return list(_rows(user, most, mend_asked_at=None))[:most]


def _rows(user: Any, most: int, **standing: Any) -> Iterable[HeldRow]:
    for kind in KINDS.values():
        yield from (HeldRow(kind, row) for row in kind.rows(user).filter(**standing).oldest_held_first()[:most])


@coordinators_only
@require_safe
def held_texts(request: HttpRequest) -> HttpResponse:
    """All that is held in the own areas, each with its two answers."""
    return render(request, "youthnet/held/held_texts.html", {"rows": list(_rows(request.user, MOST))})


@coordinators_only
@require_POST
def held_text_answer(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Let others see it, or ask its writer to mend it."""
    if kind not in KINDS:
        raise Http404
    held = HeldRow(KINDS[kind], get_object_or_404(KINDS[kind].rows(request.user), pk=pk))
    if "mend" in request.POST:
        _ask_to_mend(request, held, request.POST.get("words", "").strip()[:LONGEST_WORDS])
    else:
        _show(request, held)
    return redirect("held-texts")


def _show(request: HttpRequest, held: HeldRow) -> None:
    try:
        held.kind.show(held.row, timezone.now())
    except ChangeOutdated as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Others see it now."))


def _ask_to_mend(request: HttpRequest, held: HeldRow, words: str) -> None:
    if not held.row.ask_to_mend(timezone.now()):
        messages.info(request, _("The writer has been asked already."))
        return
    if held.writer and held.writer.is_active:
        emails.mend_asked(held.writer, held.kind, held.thing, words, by=request.user, held_at=held.row.held_at)
    messages.success(request, _("The writer gets a letter. Nobody else sees the text meanwhile."))
