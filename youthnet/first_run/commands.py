"""Commands of manage.py as somebody types them where this portal runs; pages and letters print them so."""

from django.conf import settings


def as_typed(command: str) -> str:
    """`make manage ARGS="…"` on a developer's machine, else in the container, or beside the portal's own servers."""
    if settings.DEBUG:
        return f'make manage ARGS="{command}"'
    if settings.YOUTHNET_EMBEDDED:
        return f".venv/bin/python manage.py {command}"
    return f"docker compose exec web python manage.py {command}"
