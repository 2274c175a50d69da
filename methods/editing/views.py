"""Pages for authors: a new method, going on writing, archiving. What is typed is kept first and judged then."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from contacts.personal_data.detection import CODE
from contacts.personal_data.forms import KNOWINGLY
from lib.access import members_only
from lib.exceptions import Refused
from lib.forms.posting import show_and_act
from lib.text.dates import clock
from methods import emails
from methods.editing.diff import differences
from methods.editing.editor import MethodEditor
from methods.exceptions import Outrun
from methods.models import Incomplete, Method, WorkingCopy
from methods.models.working_copy import lock


@members_only
@show_and_act
def method_new(request: HttpRequest) -> HttpResponse:
    """Choose the kind, then write. The form has a key: sent twice, it begins one method."""
    kind, key = request.GET.get("kind"), _key(request)
    if kind not in dict(Method.KINDS):
        return render(request, "methods/editing/method_kind.html", {"adapts": request.GET.get("adapts", "")})
    if request.method == "POST":
        lock(key)
    begun = Method.objects.filter(key=key).first()
    if begun and not begun.is_editable_by(request.user):
        begun, key = None, uuid4()
    if begun and request.method != "POST":
        return redirect("methods:method-edit", begun.slug)
    adapted = Method.objects.visible_to(request.user).published().filter(slug=request.GET.get("adapts", "")).first()
    return _write(request, begun or Method(kind=kind, key=key, derived_from=adapted))


@members_only
@show_and_act
def method_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Go on writing: the authors and the coordinator of the area."""
    editable = Method.objects.editable_by(request.user)
    if request.method == "POST":
        editable = editable.select_for_update(of=("self",))  # type: ignore[assignment]
    return _write(request, get_object_or_404(editable, slug=slug))


@members_only
@require_POST
def method_archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Archive a method, or restore it."""
    method = get_object_or_404(Method.objects.editable_by(request.user), slug=slug)
    if method.is_archived:
        method.restore()
        messages.success(request, _("It is back where it was."))
    else:
        method.archive(timezone.now())
        messages.success(
            request, _("It is archived: only its authors and the coordinator see it. You can put it back.")
        )
    return redirect(method)


def _write(request: HttpRequest, method: Method) -> HttpResponse:
    """Show the form; store what was sent, then do what was asked for."""
    own = WorkingCopy.objects.of(request.user, method.key)
    if request.method != "POST":
        return _open(request, method, own.first())
    action = request.POST.get("action", "")
    if action == "discard":
        return _discard(request, method, own)
    try:
        copy = WorkingCopy.objects.store(request.user, method, request.POST, timezone.now())
    except Refused as refusal:
        return _refuse(request, method, refusal)
    if action == "autosave":
        return _autosaved(request, method, copy)
    if action == "more":
        return _page(request, _typed(request, method, more_rows=True), copy)
    return _save(request, method, copy)


def _open(request: HttpRequest, method: Method, copy: WorkingCopy | None) -> HttpResponse:
    """The form as stored, or as this person left it in the middle."""
    editor = MethodEditor(method, request.user, copy.data if copy else None, judged=False)
    more: dict[str, Any] = {"is_unsaved": bool(copy)}
    if copy and method.pk and copy.based_on != method.changed_at:
        more |= {"theirs": differences(editor, MethodEditor(method, request.user)), "refusal": Outrun()}
    if "missing" in request.GET and method.pk:
        more["missing"] = [(editor.address_of(lack.field), lack.words) for lack in method.lacks()]
    return _page(request, editor, copy, **more)


def _save(request: HttpRequest, method: Method, copy: WorkingCopy) -> HttpResponse:
    """Store the method, unless somebody else has stored it since the form was shown; then send it when asked to."""
    editor = MethodEditor(method, request.user, request.POST)
    theirs = _theirs(request, method, copy)
    if theirs:
        return _page(request, _typed(request, method), copy, status=409, theirs=theirs, refusal=Outrun())
    if not editor.is_valid():
        return _page(request, editor, copy, status=422)
    warnings = editor.warnings()
    if held_back := _hold_back(request, editor, copy):
        return held_back
    try:
        with transaction.atomic():
            method = editor.save_method(request.user, timezone.now())
    except Incomplete as refusal:
        editor.show(refusal.lacks)
        return _page(request, editor, copy, status=422)
    copy.delete()
    for warning in warnings:
        messages.warning(request, warning)
    if request.POST.get("action") == "submit" and method.is_draft:
        return _submit(request, method)
    messages.success(
        request, _("Saved.") if not method.is_draft else _("The draft is saved. Only you and the coordinator see it.")
    )
    return redirect("methods:method-edit", method.slug) if method.is_draft else redirect(method)


def _hold_back(request: HttpRequest, editor: MethodEditor, copy: WorkingCopy) -> HttpResponse | None:
    """What a change would show to readers at once is asked about; sent all the same, it waits for the coordinator."""
    method, findings = editor.method, editor.findings() if editor.method.is_published else []
    if not findings:
        return None
    holds_code = any(finding.kind == CODE for finding in findings)
    if holds_code or KNOWINGLY not in request.POST:
        sentences = list(dict.fromkeys(finding.sentence(finding.field) for finding in findings))
        return _page(request, editor, copy, status=422, personal_data=sentences, may_be_sent=not holds_code)
    if Method.objects.run_by(request.user).filter(pk=method.pk).exists():
        return None
    copy.hold(timezone.now())
    messages.success(
        request, _("Your change waits until the coordinator has read it. Until then readers see the method as it was.")
    )
    return redirect(method)


def _submit(request: HttpRequest, method: Method) -> HttpResponse:
    """The draft is stored already, so that nothing is lost when something is missing."""
    try:
        method.submit(timezone.now())
    except Incomplete as refusal:
        messages.warning(request, _("The draft is saved. %(refusal)s") % {"refusal": refusal})
        return redirect(reverse("methods:method-edit", args=[method.slug]) + "?missing=1")
    emails.submitted(method, by=request.user)  # type: ignore[arg-type]
    thanks = _("Thank you! It is sent for review. You get a letter when the coordinator has read it.")
    own = _("It is complete. Read it once more and give your verdict on this page.")
    messages.success(request, own if method.may_be_reviewed_by(request.user) else thanks)
    return redirect(method)


def _discard(request: HttpRequest, method: Method, own: Any) -> HttpResponse:
    own.delete()
    messages.success(request, _("The unsaved changes are discarded."))
    return redirect(method) if method.pk else redirect("methods:mine")


def _autosaved(request: HttpRequest, method: Method, copy: WorkingCopy) -> HttpResponse:
    """Tell the page what was kept, what is worth a second look and how far the method has come."""
    editor = _typed(request, method)
    theirs = _theirs(request, method, copy)
    serial = copy.serial
    if copy.serial == 1 and method.pk and not differences(editor, MethodEditor(method, request.user)):
        copy.delete()  # it says what is stored already
    notes = {"warnings": editor.warnings(), "theirs": theirs, "refusal": Outrun() if theirs else None}
    at = clock(timezone.localtime(copy.saved_at), get_language() or "fi")
    new = reverse("methods:method-new") + f"?kind={method.kind}&key={method.key}"
    return JsonResponse(
        {
            "state": "outrun" if theirs else "saved",
            "words": _("Saved at %(time)s") % {"time": at},
            "serial": serial,
            "address": "" if method.pk else new,
            "sections": render_to_string("methods/editing/_sections.html", {"editor": editor}),
            "notes": render_to_string("methods/versions/_notes.html", notes),
        }
    )


def _refuse(request: HttpRequest, method: Method, refusal: Refused) -> HttpResponse:
    """What was typed could not be kept: it stays in the page, beside what the other window kept."""
    other = getattr(refusal, "copy", None)
    mine, status = _typed(request, method), 409 if other else 413
    theirs = differences(mine, MethodEditor(method, request.user, other.data, judged=False)) if other else []
    shown = {"theirs": theirs, "refusal": refusal}
    if request.POST.get("action") == "autosave":
        notes = render_to_string("methods/versions/_notes.html", shown)
        state = "outrun" if other else "refused"
        return JsonResponse({"state": state, "words": str(refusal), "notes": notes}, status=status)
    return _page(request, mine, other, status=status, **shown)


def _theirs(request: HttpRequest, method: Method, copy: WorkingCopy) -> list[tuple[str, str]]:
    """What somebody else has stored since the form was shown, where it differs from what was sent."""
    if method.pk is None or "based_on" not in request.POST or copy.based_on == method.changed_at:
        return []
    return differences(_typed(request, method), MethodEditor(method, request.user))


def _typed(request: HttpRequest, method: Method, more_rows: bool = False) -> MethodEditor:
    return MethodEditor(method, request.user, request.POST, judged=False, more_rows=more_rows)


def _page(
    request: HttpRequest, editor: MethodEditor, copy: WorkingCopy | None, status: int = 200, **more: Any
) -> HttpResponse:
    method = editor.method
    stamps = {"serial": copy.serial if copy else 0, "based_on": method.changed_at.isoformat() if method.pk else ""}
    reviews = method.reviews.with_remarks() if method.pk else []
    shown = {"editor": editor, "method": method, "reviews": reviews, **stamps, **more}
    return render(request, "methods/editing/method_form.html", shown, status=status)


def _key(request: HttpRequest) -> UUID:
    """The key of the form, when it has one that can be read."""
    try:
        return UUID(request.POST.get("key") or request.GET.get("key") or "")
    except ValueError:
        return uuid4()
