"""Addresses of the methods room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from methods.views import bonds, innokyla, reading, reviewing, versions, writing

app_name = "methods"
urlpatterns = [
    path("", reading.method_list, name="method-list"),
    path(_("new/"), writing.method_new, name="method-new"),
    path(_("new/innokyla/"), innokyla.innokyla_new, name="innokyla-new"),
    path(_("mine/"), reading.mine, name="mine"),
    path(_("reviews/"), reviewing.review_list, name="review-list"),
    path("<slug:slug>/", reading.method_detail, name="method-detail"),
    path(_("<slug:slug>/edit/"), writing.method_edit, name="method-edit"),
    path(_("<slug:slug>/archive/"), writing.method_archive, name="method-archive"),
    path(_("<slug:slug>/review/"), reviewing.method_review, name="method-review"),
    path(_("<slug:slug>/verify/"), writing.method_verify, name="method-verify"),
    path(_("<slug:slug>/versions/"), versions.method_versions, name="method-versions"),
    path(_("<slug:slug>/versions/<int:pk>/restore/"), versions.version_restore, name="version-restore"),
    path(_("<slug:slug>/authors/"), bonds.method_authors, name="method-authors"),
    path(_("<slug:slug>/links/"), bonds.method_links, name="method-links"),
    path(_("<slug:slug>/innokyla/"), innokyla.method_innokyla, name="method-innokyla"),
]
