from collections.abc import Callable
from typing import Any

from django.db import migrations

NAME = "one_rulebook_in_force_at_a_time"

# Ranges of the two columns alone: no extension is needed, so the site's own database user can make it.
ADD = f"""
ALTER TABLE cities_rulebook ADD CONSTRAINT {NAME} EXCLUDE USING gist (
    int8range(programme_id, programme_id, '[]') WITH &&,
    daterange(effective_from, effective_to, '[]') WITH &&
) WHERE (standing = 'published')
"""


def on_postgresql(statement: str) -> Callable[[Any, Any], None]:
    def run(apps: Any, schema_editor: Any) -> None:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(statement)

    return run


class Migration(migrations.Migration):
    dependencies = [("cities", "0002_rules_of_five_regulations")]

    operations = [
        migrations.RunPython(
            on_postgresql(ADD), on_postgresql(f"ALTER TABLE cities_rulebook DROP CONSTRAINT {NAME}")
        )
    ]
