"""How forms are drawn."""

from django.forms.renderers import TemplatesSetting


class HouseFormRenderer(TemplatesSetting):
    """Bootstrap fields from templates/django/forms."""
