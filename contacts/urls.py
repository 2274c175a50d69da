"""Addresses of the contacts room."""

app_name = "contacts"
urlpatterns: list = []
