"""Addresses of the newsletters room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from newsletters.archive import views as archive
from newsletters.archive.feeds import area_feed, list_feed
from newsletters.notices import views as notices
from newsletters.subscriptions import views

app_name = "newsletters"
urlpatterns = [
    path("", archive.issue_list, name="issue-list"),
    path(_("subscribe/"), views.subscribe, name="subscribe"),
    path(_("subscribe/check-your-mail/"), views.subscribe_done, name="subscribe-done"),
    path(_("mine/"), views.mine, name="mine"),
    path(_("mine/join/<int:pk>/"), views.list_join, name="list-join"),
    path(_("confirm/<str:token>/"), views.confirm, name="confirm"),
    path(_("confirmed/<str:token>/"), views.confirmed, name="confirmed"),
    path(_("preferences/<str:token>/"), views.preferences, name="preferences"),
    path(_("new-address/<str:token>/"), views.new_address, name="new-address"),
    path(_("leave/<str:token>/"), views.leave_one_click, name="leave-one-click"),
    path(_("notices/"), notices.notices, name="notices"),
    path(_("notices/<str:token>/"), notices.notices_by_link, name="notices-by-link"),
    path(_("notices/<str:token>/stop/"), notices.notices_stop, name="notices-stop"),
    path(_("feed/<slug:area>/"), area_feed, name="area-feed"),
    path(_("feed/<slug:area>/<slug:code>/"), list_feed, name="list-feed"),
    path(_("lists/<slug:area>/"), archive.area_issues, name="area-issues"),
    path(_("lists/<slug:area>/<slug:code>/"), archive.list_issues, name="list-issues"),
    path("<slug:slug>/", archive.issue_detail, name="issue-detail"),
]
