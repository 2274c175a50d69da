"""Addresses of the newsletters room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from newsletters import views

app_name = "newsletters"
urlpatterns = [
    path("", views.issue_list, name="issue-list"),
    path(_("subscribe/"), views.subscribe, name="subscribe"),
    path(_("subscribe/check-your-mail/"), views.subscribe_done, name="subscribe-done"),
    path(_("confirm/<str:token>/"), views.confirm, name="confirm"),
    path(_("confirmed/<str:token>/"), views.confirmed, name="confirmed"),
    path(_("preferences/<str:token>/"), views.preferences, name="preferences"),
    path(_("leave/<str:token>/"), views.leave_one_click, name="leave-one-click"),
    path("<slug:slug>/", views.issue_detail, name="issue-detail"),
]
