"""Pages that compose several rooms: the front page and the language switch."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from youthnet.access import public


@public
def home(request: HttpRequest) -> HttpResponse:
    """The region's page when there is one area; a choice of areas when there are several."""
    return render(request, "home.html")
