"""Addresses of the meetings room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from meetings import feeds, views, views_after, views_attendance, views_signup

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
    path(_("sign-up/<str:token>/"), views_signup.signup_own, name="signup-own"),
    path(_("sign-up/confirm/<str:token>/"), views_signup.signup_confirm, name="signup-confirm"),
    path(_("mine/"), views_after.record, name="record"),
    path(_("feedback/<str:token>/"), views_after.feedback, name="feedback"),
    path(_("certificates/"), views_after.certificate_check, name="certificate-check"),
    path(_("certificates/verify/<str:code>/"), views_after.certificate_verify, name="certificate-verify"),
    path(_("certificates/mine/<str:token>.pdf"), views_after.certificate_pdf, name="certificate-pdf"),
    path(_("here/<str:token>/"), views_attendance.here, name="here"),
    path("<slug:slug>.ics", views.meeting_ics, name="meeting-ics"),
    path("<slug:slug>/", views.meeting_detail, name="meeting-detail"),
    path(_("<slug:slug>/answer/"), views.meeting_answer, name="meeting-answer"),
    path(_("<slug:slug>/sign-up/"), views_signup.signup, name="signup"),
    path(_("<slug:slug>/sign-up/check-your-mail/"), views_signup.signup_sent, name="signup-sent"),
    path(_("<slug:slug>/attendance/"), views_attendance.attendance, name="attendance"),
    path(_("<slug:slug>/attendance/code/"), views_attendance.attendance_code, name="attendance-code"),
    path(_("<slug:slug>/attendance/teams/"), views_attendance.attendance_report, name="attendance-report"),
    path(_("<slug:slug>/feedback/"), views_after.feedback_summary, name="feedback-summary"),
]
