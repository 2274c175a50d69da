"""The portal's addresses and three that fail, for the tests of error pages."""

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import transaction
from django.http import HttpRequest
from django.urls import path

from youthnet.urls import urlpatterns as portal


def denied(request: HttpRequest):
    raise PermissionDenied


def refused(request: HttpRequest):
    raise PermissionDenied("Only Kaisa may open it.")


def odd(request: HttpRequest):
    raise SuspiciousOperation


@transaction.non_atomic_requests
def broken(request: HttpRequest):
    raise RuntimeError


urlpatterns = [path("denied/", denied), path("refused/", refused), path("odd/", odd), path("broken/", broken), *portal]
