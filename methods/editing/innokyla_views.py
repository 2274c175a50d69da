"""Operating models to and from Innokylä: the text to copy out, and a page pasted in."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from contacts.models import Municipality, Term
from lib.access import members_only, public
from lib.forms.posting import posted, show_and_act, show_form
from methods.editing import innokyla
from methods.editing.editor import MethodEditor
from methods.editing.forms import PasteForm
from methods.models import Method, WorkingCopy

SHOWN_WITH = ["municipality", "stage", "part_of", "author", "organisation"]


@public
@require_safe
def method_innokyla(request: HttpRequest, slug: str) -> HttpResponse:
    """The text of an operating model in the order of Innokylä's headings, to copy or to print."""
    models = Method.objects.visible_to(request.user).filter(kind=Method.MODEL).select_related(*SHOWN_WITH)
    method = get_object_or_404(models, slug=slug)
    readable = Method.objects.visible_to(request.user).published()
    whole = readable.filter(pk=method.part_of_id).first() if method.part_of_id else None
    return render(
        request, "methods/editing/innokyla.html", {"method": method, "text": innokyla.write(_written(method, whole))}
    )


@members_only
@show_and_act
def innokyla_new(request: HttpRequest) -> HttpResponse:
    """Paste a page of Innokylä; see what is understood; take it into the form, where nothing is stored yet."""
    form = PasteForm(posted(request))
    if not form.is_valid():
        return show_form(request, "methods/editing/innokyla_new.html", {"form": form})
    reading = innokyla.read(form.cleaned_data["text"])
    source = form.cleaned_data["source_url"] or reading.address
    if request.POST.get("action") == "use":
        copy = _prefill(request, reading, source)
        return redirect(reverse("methods:method-new") + f"?kind={Method.MODEL}&key={copy.key}")
    shown = [(_label(name), reading.fields[name]) for name in _in_order(reading)]
    context = {"form": form, "shown": shown, "other": reading.other, "source": source}
    return render(request, "methods/editing/innokyla_new.html", context)


def _prefill(request: HttpRequest, reading: innokyla.Reading, source: str) -> WorkingCopy:
    """What was understood, in the boxes of a form that only this person sees."""
    blank = MethodEditor(Method(kind=Method.MODEL), request.user)
    typed: dict[str, Any] = {**reading.fields, "source_url": source, "other": reading.other}
    typed |= _stage(typed.pop("stage", ""), typed) | _locality(typed.pop("region", ""), typed)
    typed["keywords"] = ", ".join(typed.get("keywords", "").replace(",", "\n").split("\n"))
    return WorkingCopy.objects.start(request.user, Method.MODEL, blank.as_typed() | _listed(typed), timezone.now())


def _stage(named: str, typed: dict[str, Any]) -> dict[str, Any]:
    """The phase of development, by its word in Finnish or by what Innokylä calls it; else it is kept as text."""
    stages = Term.objects.in_list("development_stages")
    term = stages.filter(fi__iexact=named).first() or stages.filter(code=innokyla.stage_in(named)).first()
    return {"stage": term.pk} if term else _kept("stage", named, typed)


def _locality(named: str, typed: dict[str, Any]) -> dict[str, Any]:
    """Municipalities, region or wellbeing services county in words; one known municipality alone is chosen too."""
    if len(named) > Method._meta.get_field("locality").max_length:
        return _kept("region", named, typed)
    one = Municipality.objects.exclude(areas=None).filter(Q(name_fi__iexact=named) | Q(name_sv__iexact=named)).first()
    return {"locality": named} | ({"municipality": one.pk} if one else {})


def _kept(name: str, named: str, typed: dict[str, Any]) -> dict[str, Any]:
    """What fits no box, under its heading among what found no place."""
    return {"other": f"{typed['other']}\n\n{innokyla.HEADINGS[name][0]}\n{named}".strip()} if named else {}


def _listed(typed: dict[str, Any]) -> dict[str, list[str]]:
    return {name: [str(value)] for name, value in typed.items()}


def _label(name: str) -> str:
    field: Any = Method._meta.get_field("locality" if name == "region" else name)
    return str(field.verbose_name)


def _in_order(reading: innokyla.Reading) -> list[str]:
    return [name for name in innokyla.HEADINGS if name in reading.fields]


def _written(method: Method, whole: Method | None) -> list[tuple[str, str]]:
    """(field, text) of a model, in the order of Innokylä's page."""
    text = {name: getattr(method, name) for name in innokyla.OURS - {"region"}}
    text |= {
        "region": method.locality or method.municipality,
        "whole": whole,
        "author": method.author_role or method.organisation,
    }
    text["target_groups"] = ", ".join(str(term) for term in method.target_groups.order_by("order", "pk"))
    lists = {"keywords": ", ".join(method.keywords)}
    lists |= {name: "\n".join(f"- {line}" for line in text[name]) for name in ("conditions", "tips_for_adopters")}
    return [(name, str((text | lists)[name] or "")) for name in innokyla.HEADINGS]
