"""How allauth speaks with the house: its letters are ours, and their links start with SITE_URL."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.core.mail import EmailMessage
from django.http import HttpRequest

from contacts.models import ContactCard
from lib.absolute_urls import absolute_url
from youthnet.context_processors import current_site

# What a person is told about afterwards. Other changes (an address confirmed, an old one dropped) are part of these.
TOLD = {"account/email/email_changed"}


class AccountAdapter(DefaultAccountAdapter):
    """Accounts as the portal wants them: no passwords, one address each, plain letters."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Hand a letter in the language of the page to Django's mail, which is the ledger."""
        links = {name: absolute_url(f"account_{name.removesuffix('_url')}") for name in ("login_url", "signup_url")}
        self.render_mail(template_prefix, email, {**context, "email": email, **links}).send()

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

    def send_account_already_exists_mail(self, email: str) -> None:
        """Somebody signs up with an address that has an account: its owner reads how to sign in; the page is silent."""
        self.send_mail("account/email/account_already_exists", email, {})

    def send_notification_mail(self, template_prefix: str, *args: Any, **kwargs: Any) -> None:
        if template_prefix in TOLD:
            super().send_notification_mail(template_prefix, *args, **kwargs)


def _answered_by() -> list[str]:
    """The first contact card with an address, when the installation serves one area: only then it is known whose."""
    cards = ContactCard.objects.visible_to(None).filter(area=current_site().area).exclude(email="").in_order()
    return [card.email for card in cards[:1]]
