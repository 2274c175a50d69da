"""The addresses of the outbox: one door for mail that comes in."""

from django.urls import path

from outbox.incoming import views

app_name = "outbox"
urlpatterns = [path("inbound/<str:secret>/", views.inbound, name="inbound")]
