"""Addresses of the networks room."""

app_name = "networks"
urlpatterns: list = []
