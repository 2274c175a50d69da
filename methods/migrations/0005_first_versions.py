"""Steps and words of the vocabulary are written beside each method once; by that each gets its first version."""

from typing import Any

from django.db import migrations

VOCABULARY = ["topics", "target_groups", "settings", "languages", "competences"]


def keep(apps: Any, schema_editor: Any) -> None:
    Method = apps.get_model("methods", "Method")
    for method in Method.objects.order_by("pk").iterator():
        rows = method.steps.order_by("order", "pk").values("title", "text", "minutes", "is_in_advance")
        words = {name: sorted(getattr(method, name).values_list("pk", flat=True)) for name in VOCABULARY}
        Method.objects.filter(pk=method.pk).update(kept={"steps": list(rows), **words})


class Migration(migrations.Migration):
    dependencies = [("methods", "0004_writing")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
