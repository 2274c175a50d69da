"""The portal as it is routed in development."""

from django.urls import include, path

from youthnet import devmail, urls

urlpatterns = [path("dev/mail/", include(devmail)), *urls.urlpatterns]
