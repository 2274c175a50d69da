"""Addresses of the contacts room."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from contacts import views

app_name = "contacts"
urlpatterns = [
    path("", views.card_list, name="card-list"),
    path("logo/<slug:slug>/<str:token>/<int:width>.webp", views.logo_picture, name="logo-picture"),
    path(_("me/"), views.me, name="me"),
    path(_("me/address-works/"), views.me_address_works, name="me-address-works"),
    path(_("me/details/"), views.me_edit, name="me-edit"),
]
