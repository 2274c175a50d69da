"""Addresses of the meetings room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings.views import pages

app_name = "meetings"
urlpatterns = [
    path("", pages.meeting_list, name="meeting-list"),
    path("<int:year>/<int:month>/", pages.month, name="month"),
    path(_("answer/<str:token>/"), pages.answer, name="answer"),
    path("<slug:slug>.ics", pages.meeting_ics, name="meeting-ics"),
    path("<slug:slug>/", pages.meeting_detail, name="meeting-detail"),
    path(_("<slug:slug>/answer/"), pages.meeting_answer, name="meeting-answer"),
]
