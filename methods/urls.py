"""Addresses of the methods room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods.views import reading, reviewing, writing

app_name = "methods"
urlpatterns = [
    path("", reading.method_list, name="method-list"),
    path(_("new/"), writing.method_new, name="method-new"),
    path(_("mine/"), reading.mine, name="mine"),
    path(_("reviews/"), reviewing.review_list, name="review-list"),
    path("<slug:slug>/", reading.method_detail, name="method-detail"),
    path(_("<slug:slug>/edit/"), writing.method_edit, name="method-edit"),
    path(_("<slug:slug>/archive/"), writing.method_archive, name="method-archive"),
    path(_("<slug:slug>/review/"), reviewing.method_review, name="method-review"),
]
