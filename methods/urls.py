"""Addresses of the methods room."""

app_name = "methods"
urlpatterns: list = []
