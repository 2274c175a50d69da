"""Addresses of the newsletters room."""

app_name = "newsletters"
urlpatterns: list = []
