"""Pages of the competence bank: who can, what I offer, asking and answering."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lib.access import members_only, public
from lib.exceptions import Refused
from lib.forms.posting import posted, show_and_act, show_form
from methods import emails
from methods.competences.forms import AnswerForm, AskForm, OfferFilter, OfferForm
from methods.models import CompetenceOffer, CompetenceQuestion
from methods.usage.undo import just_removed, remove_or_put_back

PER_PAGE = 50


@public
@require_safe
def competence_list(request: HttpRequest) -> HttpResponse:
    """Who can? What the reader may see, one competence after the other."""
    offers = OfferFilter(request.GET, queryset=CompetenceOffer.objects.visible_to(request.user), request=request)
    page = Paginator(offers.found(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "methods/competences/competence_list.html", {"filter": offers, "page": page})


@members_only
@require_safe
def offer_list(request: HttpRequest) -> HttpResponse:
    """What I offer and want to learn."""
    own = CompetenceOffer.objects.of(request.user)
    context = {"offers": own.kept().by_competence(), "removed": just_removed(request, own)}
    return render(request, "methods/competences/offer_list.html", context)


@members_only
@show_and_act
def offer_new(request: HttpRequest) -> HttpResponse:
    """Tell of one more competence."""
    member: Any = request.user
    return _write(request, CompetenceOffer(member=member))


@members_only
@show_and_act
def offer_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an offer."""
    return _write(request, get_object_or_404(CompetenceOffer.objects.kept().of(request.user), pk=pk))


@members_only
@require_POST
def offer_pause(request: HttpRequest, pk: int) -> HttpResponse:
    """Hide an offer for a while, or show it again."""
    offer = get_object_or_404(CompetenceOffer.objects.kept().of(request.user), pk=pk)
    if offer.paused_at:
        offer.resume()
        messages.success(request, _("The offer is shown again."))
    else:
        offer.pause(timezone.now())
        messages.success(request, _("The offer is paused: nobody else sees it."))
    return redirect("methods:offer-list")


@members_only
@require_POST
def offer_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an offer away, or put it back."""
    offer = get_object_or_404(CompetenceOffer.objects.of(request.user), pk=pk)
    return remove_or_put_back(request, offer, reverse("methods:offer-list"))


@members_only
@show_and_act
def question_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask somebody who can, without seeing the address."""
    offers = CompetenceOffer.objects.visible_to(request.user).by_competence()
    offer = get_object_or_404(offers.exclude(member=request.user), pk=pk)
    form = AskForm(posted(request))
    if not form.is_valid():
        return _ask_page(request, offer, form)
    asker: Any = request.user
    try:
        with transaction.atomic():
            asked = CompetenceQuestion.objects.ask(offer, asker, form.cleaned_data["text"], timezone.now())
            emails.asked(asked)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return _ask_page(request, offer, form)
    messages.success(request, _("Your question is on its way to %(name)s.") % {"name": offer.who})
    return redirect(asked)


@members_only
@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """What I have asked and what I have been asked, with the state of each."""
    found = CompetenceQuestion.objects.visible_to(request.user).latest_first()
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "methods/competences/question_list.html", {"page": page})


@members_only
@show_and_act
def question_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One question: who was asked answers here, the asker may close it."""
    question = get_object_or_404(CompetenceQuestion.objects.visible_to(request.user).latest_first(), pk=pk)
    is_asked = question.asked == request.user
    form = AnswerForm(request.POST if request.method == "POST" and is_asked else None)
    if request.method == "POST" and not is_asked:
        question.close(timezone.now())
        messages.success(request, _("The question is closed."))
        return redirect(question)
    if form.is_valid():
        with transaction.atomic():
            if question.reply(form.cleaned_data["text"], timezone.now()):
                emails.answered(question)
        messages.success(request, _("Your answer is on its way. Your address is not shown."))
        return redirect(question)
    context = {"question": question, "form": form if is_asked and question.is_open else None, "is_asked": is_asked}
    return render(request, "methods/competences/question_detail.html", context, status=422 if form.is_bound else 200)


def _ask_page(request: HttpRequest, offer: CompetenceOffer, form: AskForm) -> HttpResponse:
    return show_form(request, "methods/competences/question_new.html", {"offer": offer, "form": form})


def _write(request: HttpRequest, offer: CompetenceOffer) -> HttpResponse:
    form = OfferForm(posted(request), instance=offer)
    if not form.is_valid():
        return show_form(request, "methods/competences/offer_form.html", {"form": form, "offer": offer})
    if offer.pk is None:
        form.save(commit=False).start(request.user, timezone.now())
    else:
        form.save()
    messages.success(request, _("Saved."))
    return redirect("methods:offer-list")
