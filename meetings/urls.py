"""Addresses of the meetings room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import views

app_name = "meetings"
urlpatterns = [
    path("", views.meeting_list, name="meeting-list"),
    path("<int:year>/<int:month>/", views.month, name="month"),
    path(_("answer/<str:token>/"), views.answer, name="answer"),
    path("<slug:slug>.ics", views.meeting_ics, name="meeting-ics"),
    path("<slug:slug>/", views.meeting_detail, name="meeting-detail"),
    path(_("<slug:slug>/answer/"), views.meeting_answer, name="meeting-answer"),
]
