"""What every page may show: the area, its colour and the pages at the foot."""

from typing import Any

from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, Any]:
    """Facts for base.html."""
    return {}
