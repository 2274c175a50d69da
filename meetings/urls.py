"""Addresses of the meetings room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import feeds, views

app_name = "meetings"
urlpatterns = [
    path("", views.meeting_list, name="meeting-list"),
    path("<int:year>/<int:month>/", views.month, name="month"),
    path(_("calendar/"), feeds.subscribe, name="subscribe"),
    path(_("calendar/own/renew/"), feeds.own_feed_renew, name="own-feed-renew"),
    path(_("calendar/own/end/"), feeds.own_feed_end, name="own-feed-end"),
    path(_("calendar/own/<str:token>.ics"), feeds.own_feed, name="own-feed"),
    path(_("calendar/areas/<slug:slug>.ics"), feeds.area_feed, name="area-feed"),
    path(_("calendar/networks/<slug:slug>.ics"), feeds.network_feed, name="network-feed"),
    path(_("answer/<str:token>/"), views.answer, name="answer"),
    path("<slug:slug>.ics", views.meeting_ics, name="meeting-ics"),
    path("<slug:slug>/", views.meeting_detail, name="meeting-detail"),
    path(_("<slug:slug>/answer/"), views.meeting_answer, name="meeting-answer"),
]
