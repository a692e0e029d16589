"""Orders that were given already are of the kind of their procedure. Their numbers stay: documents cite them."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    for name in ("RectificationOrder", "HistoricalRectificationOrder"):
        rows = apps.get_model("clearance", name).objects.filter(kind="")
        for kind in ("sanction", "partner_removal", "clearance"):
            rows.filter(case__procedure__kind=kind).update(kind=kind)


class Migration(migrations.Migration):
    dependencies = [("clearance", "0002_orders_by_kind")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
