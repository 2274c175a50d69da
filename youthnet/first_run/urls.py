"""Addresses of the first run."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from youthnet.first_run import views

urlpatterns = [
    path("", views.choose_region, name="setup-begin"),
    path(_("invitation/<str:token>/"), views.invitation, name="setup-invitation"),
    path(_("<slug:slug>/coordinator/"), views.coordinator, name="setup-coordinator"),
    path(_("<slug:slug>/test-letter/"), views.mail_test, name="setup-mail-test"),
    path("<slug:slug>/<slug:step>/", views.step, name="setup-step"),
]
