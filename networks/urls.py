"""Addresses of the networks room: networks, news, pages, questions."""

from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lib.access import public
from networks import views
from networks.feeds import NewsFeed

app_name = "networks"
urlpatterns = [
    path(_("networks/"), views.network_list, name="network-list"),
    path(_("networks/<slug:slug>/"), views.network_detail, name="network-detail"),
    path(_("networks/<slug:slug>/join/"), views.network_join, name="network-join"),
    path(_("networks/<slug:slug>/leave/"), views.network_leave, name="network-leave"),
    path(_("requests-to-join/"), views.request_list, name="request-list"),
    path(_("requests-to-join/<int:pk>/approve/"), views.request_approve, name="request-approve"),
    path(_("requests-to-join/<int:pk>/refuse/"), views.request_refuse, name="request-refuse"),
    path(_("news/"), views.news_list, name="news-list"),
    path(_("news/feed/"), public(require_safe(NewsFeed())), name="news-feed"),
    path(_("news/<slug:slug>/"), views.news_detail, name="news-detail"),
    path(_("questions/"), views.question_list, name="question-list"),
    path(_("pages/<slug:area>/<slug:slug>/"), views.page, name="page"),
]
