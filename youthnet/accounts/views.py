"""The one page of accounts that allauth has not: what becomes of the newsletters of an earlier address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from lib.access import signed_in_only
from newsletters.models import Subscription
from youthnet.accounts import new_address


@signed_in_only
@require_http_methods(["GET", "HEAD", "POST"])
def earlier_newsletters(request: HttpRequest) -> HttpResponse:
    """Both addresses got newsletters when the account changed from one to the other: one button for each answer."""
    earlier = request.session.get(new_address.ASKED_ABOUT, "")
    left = new_address.left_at(earlier).select_related("list").oldest_first()
    if not left:
        return redirect("contacts:me")
    if request.method == "POST":
        act = new_address.end if "end" in request.POST else new_address.move
        act(request, earlier, timezone.now())
        del request.session[new_address.ASKED_ABOUT]
        return redirect("contacts:me")
    here = Subscription.objects.of(request.user.email).active().select_related("list").oldest_first()
    context = {"earlier": earlier, "left": left, "here": here}
    return render(request, "account/earlier_newsletters.html", context)
