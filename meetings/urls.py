"""Addresses of the meetings room."""

app_name = "meetings"
urlpatterns: list = []
