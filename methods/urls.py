"""Addresses of the methods room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods import shelf_urls, views

app_name = "methods"
urlpatterns = [
    path("", views.method_list, name="method-list"),
    path(_("new/"), views.method_new, name="method-new"),
    path(_("mine/"), views.mine, name="mine"),
    path(_("reviews/"), views.review_list, name="review-list"),
    *shelf_urls.before,
    path("<slug:slug>/", views.method_detail, name="method-detail"),
    path(_("<slug:slug>/edit/"), views.method_edit, name="method-edit"),
    path(_("<slug:slug>/archive/"), views.method_archive, name="method-archive"),
    path(_("<slug:slug>/review/"), views.method_review, name="method-review"),
    *shelf_urls.of_a_method,
]
