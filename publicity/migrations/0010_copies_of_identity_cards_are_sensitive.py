from typing import Any

from django.db import migrations


def mark(apps: Any, schema_editor: Any) -> None:
    """Those that came before files could be; `rotate_file_keys` encrypts them, and the operator's page says so until then."""
    copies = apps.get_model("publicity", "ObjectionFile").objects.filter(kind="id_copy")
    stored = apps.get_model("records", "StoredFile").objects
    stored.filter(pk__in=copies.values("stored")).update(sensitive=True)


class Migration(migrations.Migration):
    dependencies = [
        ("publicity", "0009_periods_latest_first"),
        ("records", "0005_what_sensitive_files_are_held_by"),
    ]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
