"""Addresses of the meetings room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import views, views_signup

app_name = "meetings"
urlpatterns = [
    path("", views.meeting_list, name="meeting-list"),
    path("<int:year>/<int:month>/", views.month, name="month"),
    path(_("answer/<str:token>/"), views.answer, name="answer"),
    path(_("sign-up/<str:token>/"), views_signup.signup_own, name="signup-own"),
    path(_("sign-up/confirm/<str:token>/"), views_signup.signup_confirm, name="signup-confirm"),
    path("<slug:slug>.ics", views.meeting_ics, name="meeting-ics"),
    path("<slug:slug>/", views.meeting_detail, name="meeting-detail"),
    path(_("<slug:slug>/answer/"), views.meeting_answer, name="meeting-answer"),
    path(_("<slug:slug>/sign-up/"), views_signup.signup, name="signup"),
    path(_("<slug:slug>/sign-up/check-your-mail/"), views_signup.signup_sent, name="signup-sent"),
]
