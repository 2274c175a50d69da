"""Pages of session plans: methods in order with times, to print, to copy."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lib.access import members_only
from lib.forms.params import int_or_none
from lib.forms.posting import posted, show_and_act, show_form
from methods.models import Method, SessionPlan
from methods.usage.forms import SessionParts, SessionPlanForm, sorted_out
from methods.usage.undo import remove_or_put_back


@members_only
@show_and_act
def session_plan_new(request: HttpRequest) -> HttpResponse:
    """Begin a plan."""
    return _write(request, SessionPlan())


@members_only
@show_and_act
def session_plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change its title, day, beginning and end."""
    return _write(request, _own(request, pk))


@members_only
@show_and_act
def session_plan_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """My plan with its running clock, and the rows to change."""
    plan = _own(request, pk)
    formset = SessionParts(posted(request), queryset=plan.parts.in_order())
    if formset.is_valid():
        plan.arrange(*sorted_out(formset), timezone.now())
        messages.success(request, _("Saved."))
        return redirect(plan)
    slots = plan.schedule()
    minutes = sum(slot.part.minutes for slot in slots)
    context: dict[str, Any] = {"plan": plan, "slots": slots, "formset": formset, "minutes": minutes}
    context["agenda"] = plan.as_agenda()
    context |= {"over": plan.minutes_over(minutes), "ends": slots[-1].ends if slots else None}
    return show_form(request, "methods/usage/session_plan_detail.html", context)


@members_only
@require_POST
def session_plan_copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The same plan again."""
    messages.success(request, _("Here is the copy. Give it a day of its own."))
    return redirect("methods:session-plan-edit", _own(request, pk).copy(timezone.now()).pk)


@members_only
@require_POST
def session_plan_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a plan away, or put it back."""
    plan = get_object_or_404(SessionPlan.objects.of(request.user), pk=pk)
    return remove_or_put_back(request, plan, reverse("methods:shelf"))


@members_only
@require_POST
def session_plan_add(request: HttpRequest, slug: str) -> HttpResponse:
    """Put a method at the end of one of my plans, or into a new one."""
    method = get_object_or_404(Method.objects.visible_to(request.user).published(), slug=slug)
    title, now = request.POST.get("title", "").strip()[:120], timezone.now()
    if title:
        plan = SessionPlan(title=title)
        plan.start(request.user, now)  # type: ignore[arg-type]
    else:
        plan = _own(request, int_or_none(request.POST.get("plan")))
    plan.add(method, now)
    messages.success(request, _("“%(method)s” is the last part of “%(plan)s”.") % {"method": method, "plan": plan})
    return redirect(plan)


def _own(request: HttpRequest, pk: int | None) -> SessionPlan:
    found: SessionPlan = get_object_or_404(SessionPlan.objects.kept().of(request.user), pk=pk)
    return found


def _write(request: HttpRequest, plan: SessionPlan) -> HttpResponse:
    form = SessionPlanForm(posted(request), instance=plan)
    if not form.is_valid():
        return show_form(request, "methods/usage/session_plan_form.html", {"form": form, "plan": plan})
    if plan.pk is None:
        form.save(commit=False).start(request.user, timezone.now())
    else:
        form.save(commit=False).save_changes(timezone.now())
    return redirect(plan)
