"""Addresses that do not work, on the desk: a list of questions, and one page with the answers to each."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import User
from lib.admin import DeskAdmin
from lib.forms.fields import AddressField
from lib.tasks import wake
from newsletters.bounced_addresses.questions import questions
from newsletters.models import BouncedAddress
from newsletters.tasks import send_confirmations
from outbox.models import Suppression


class FollowerForm(forms.Form):
    """The address that takes over, and whose it is."""

    email = AddressField(label=gettext_lazy("New e-mail address"), max_length=254)
    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=120,
        help_text=gettext_lazy("Write another name when somebody else has the post now."),
    )

    def __init__(self, bounced: BouncedAddress, person: Any, data: Any = None) -> None:
        suggested = bounced.suggested_address()
        name = person.name if person and not suggested else ""
        super().__init__(data, initial={"name": name, "email": suggested})
        self.bounced = bounced
        if person is None:
            del self.fields["name"]

    def clean_email(self) -> str:
        email = self.cleaned_data["email"]
        if email == self.bounced.address or Suppression.objects.of(email).current(timezone.now()).exists():
            raise forms.ValidationError(_("Letters to this address come back too."))
        if User.objects.filter(email=email, is_active=False).exists():
            raise forms.ValidationError(_("The account of this address has been closed."))
        return email


class WaitingFilter(admin.SimpleListFilter):
    """Those that wait for an answer come first; the others were put off."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("waiting", gettext_lazy("Waiting for an answer"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        waits = self.value() == "waiting"
        return queryset.asked(request.user, timezone.now()) if waits else queryset


@admin.register(BouncedAddress)
class BouncedAddressAdmin(DeskAdmin):
    """Nothing is written here by hand: the stop list brings the rows, and the answers take them away."""

    list_display = ["question", "reason"]
    list_filter = [WaitingFilter]
    ordering = ["since", "pk"]
    actions = None
    change_form_template = "admin/newsletters/bouncedaddress/change_form.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return super().changelist_view(request, {"title": _("Addresses that do not work")} | (extra_context or {}))

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """The words of a whole page are asked at once."""
        changes = super().get_changelist_instance(request)
        changes.result_list = list(changes.result_list)
        for row, asked in zip(changes.result_list, questions(changes.result_list, request.user), strict=True):
            row.words = str(asked)
        return changes

    @admin.display(description=gettext_lazy("what has happened"))
    def question(self, bounced: Any) -> str:
        return bounced.words

    def change_view(self, request: Any, object_id: str, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The question with its answers; POST is the answer that was clicked."""
        bounced: Any = self.get_object(request, object_id)
        if bounced is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)  # type: ignore[attr-defined]
        person = bounced.person()
        form = FollowerForm(bounced, person, request.POST if "follower" in request.POST else None)
        if request.method == "POST" and (done := _answer(request, bounced, form)):
            self.log_change(request, bounced, done)
            messages.success(request, done)
            return redirect("admin:newsletters_bouncedaddress_changelist")
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": _("An address that does not work"),
            "form": form,
            "question": questions([bounced], request.user)[0],
            "memberships": bounced.memberships(request.user),
            "subscriptions": bounced.subscriptions(request.user),
            "original": bounced,
        }
        return TemplateResponse(request, self.change_form_template, context)


def _answer(request: Any, bounced: BouncedAddress, form: FollowerForm) -> str:
    """Do what the answer says and tell what was done; empty when nothing was."""
    now, user = timezone.now(), request.user
    if "works" in request.POST:
        bounced.works_again(now)
        return _("Letters go to %(address)s again.") % {"address": bounced.address}
    if "left" in request.POST:
        bounced.has_left(user, now)
        return _("The memberships and subscriptions of %(address)s in your area have ended.") % {
            "address": bounced.address
        }
    if "later" in request.POST:
        bounced.snooze(user, now)
        return _("You will be asked again in thirty days.")
    return _follow(bounced, form, user, now) if "follower" in request.POST and form.is_valid() else ""


def _follow(bounced: BouncedAddress, form: FollowerForm, user: Any, now: Any) -> str:
    given = form.cleaned_data
    follower = bounced.is_followed_by(given["email"], given.get("name", ""), user, now)
    wake(send_confirmations)
    words = {"address": given["email"]}
    if follower:
        return _("%(address)s has taken over the memberships, and gets a letter about it.") % words
    return _("%(address)s gets a letter that asks whether the newsletters may come.") % words
