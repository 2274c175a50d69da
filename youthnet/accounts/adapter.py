"""How allauth speaks with the house: its letters are ours, and their links start with SITE_URL."""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.account.models import EmailAddress
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from contacts.models import ContactCard, User
from lib.absolute_urls import absolute_url
from lib.advisory_lock import lock
from lib.counters.client_address import client_address
from lib.text.addresses import normal
from outbox.models import Delivery
from youthnet.accounts import new_address
from youthnet.context_processors import current_site

# What a person is told about afterwards. Other changes (an address confirmed, an old one dropped) are part of these.
TOLD = {"account/email/email_changed"}


# Letters about accounts to one address within a day: to the owner of an account, to an address that nobody has proved
# yet, and to one without an account, which needs one letter to learn that.
MOST_LETTERS, MOST_UNPROVED, MOST_TO_STRANGERS = 10, 3, 1
DAY = timedelta(days=1)
NO_ACCOUNT = "account/email/unknown_account"


class AccountAdapter(DefaultAccountAdapter):
    """Accounts as the portal wants them: no passwords, one address each, plain letters."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand a letter in the language of the page to Django's mail, which is the ledger.

        When the address has had its letters of the day none is sent, and the page says what it always says.
        """
        if template_prefix not in TOLD and _has_had_its_letters(email, template_prefix):
            return
        links = {name: absolute_url(f"account_{name.removesuffix('_url')}") for name in ("login_url", "signup_url")}
        self.render_mail(template_prefix, email, {**context, "email": email, **links}).send()

    def get_client_ip(self, request: HttpRequest) -> str:
        """Whom allauth's limits count: the same visitor as ours do."""
        return client_address(request)

    def render_mail(self, *args: Any, **kwargs: Any) -> EmailMessage:
        """Whoever answers a letter about an account reaches a person."""
        message = super().render_mail(*args, **kwargs)
        message.reply_to = _answered_by()
        return message

    def pre_login(self, request: HttpRequest, user: Any, *, email: str | None, **more: Any) -> Any:
        """The code proves the address, also of one whom a coordinator entered: nobody is asked for a second one."""
        proved = {record.get("email") for record in get_authentication_records(request, user)}
        if email == user.email and email in proved and not user.emailaddress_set.exists():
            user.emailaddress_set.create(email=email, verified=True, primary=True)
        return super().pre_login(request, user, email=email, **more)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """An address is proved; when it takes the place of another, what hangs on the account follows."""
        earlier = User.objects.values_list("email", flat=True).get(pk=email_address.user_id)
        is_proved = super().confirm_email(request, email_address)
        if is_proved and request.user.pk == email_address.user_id and earlier != email_address.email:
            new_address.follow(request, earlier, timezone.now())
        return is_proved

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        if new_address.ASKED_ABOUT in self.request.session:
            return reverse("account_earlier_newsletters")
        return super().get_email_verification_redirect_url(email_address)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Somebody signs up with an address that has an account: its owner reads how to sign in; the page is silent."""
        self.send_mail("account/email/account_already_exists", email, {})

    def send_notification_mail(self, template_prefix: str, *args: Any, **kwargs: Any) -> None:
        if template_prefix in TOLD:
            super().send_notification_mail(template_prefix, *args, **kwargs)


def _has_had_its_letters(email: str, template_prefix: str) -> bool:
    """Counted by the letters themselves, so in all processes alike; two requests at once wait for each other."""
    address, now = normal(email), timezone.now()
    lock(f"account.letters.{address}")
    sent = Delivery.objects.to(address).filter(kind="account", queued_at__gt=now - DAY).count()
    return sent >= _most_letters(address, template_prefix)


def _most_letters(address: str, template_prefix: str) -> int:
    if template_prefix == NO_ACCOUNT:
        return MOST_TO_STRANGERS
    proofs = set(EmailAddress.objects.filter(email=address).values_list("verified", flat=True))
    is_entered = not proofs and User.objects.filter(email=address).exists()  # by a coordinator
    return MOST_LETTERS if True in proofs or is_entered else MOST_UNPROVED


def _answered_by() -> list[str]:
    """The first contact card with an address, when the installation serves one area: only then it is known whose."""
    card = ContactCard.objects.filter(area=current_site().area).answering()
    return [card.email] if card else []
