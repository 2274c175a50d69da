"""The portal as it is routed in development."""

from django.urls import include, path

from youthnet import urls
from youthnet.pages import devmail

urlpatterns = [path("dev/mail/", include(devmail)), *urls.urlpatterns]
