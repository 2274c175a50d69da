"""The doors of allauth that the portal uses. There are none for passwords: people sign in with a code from a letter."""

from allauth.account import views
from django.urls import path
from django.utils.translation import gettext_lazy as _

from youthnet.accounts.views import earlier_newsletters

urlpatterns = [
    path(_("sign-in/"), views.login, name="account_login"),
    path(_("sign-in/send-code/"), views.request_login_code, name="account_request_login_code"),
    path(_("sign-in/code/"), views.confirm_login_code, name="account_confirm_login_code"),
    path(_("sign-up/"), views.signup, name="account_signup"),
    path(_("sign-out/"), views.logout, name="account_logout"),
    path(_("address/"), views.email, name="account_email"),
    path(_("address/confirm/"), views.email_verification_sent, name="account_email_verification_sent"),
    path(_("address/your-code/"), views.request_reauthentication_code, name="account_request_reauthentication_code"),
    path(_("address/code/"), views.confirm_reauthentication_code, name="account_confirm_reauthentication_code"),
    path(_("address/newsletters/"), earlier_newsletters, name="account_earlier_newsletters"),
    path(_("closed/"), views.account_inactive, name="account_inactive"),
]
