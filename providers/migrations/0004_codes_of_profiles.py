from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery


def say_the_code(apps: Any, schema_editor: Any) -> None:
    """A code was never changed so far: every profile, past ones too, stood under the one its organisation has."""
    codes = apps.get_model("providers", "Organisation").objects.filter(pk=OuterRef("organisation_id"))
    for name in ("OrganisationProfile", "HistoricalOrganisationProfile"):
        rows = apps.get_model("providers", name).objects.filter(credit_code="", organisation_id__isnull=False)
        rows.filter(organisation_id__in=codes.model.objects.values("pk")).update(
            credit_code=Subquery(codes.values("credit_code")[:1])
        )


class Migration(migrations.Migration):

    dependencies = [("providers", "0003_errata_and_dated_codes")]

    operations = [migrations.RunPython(say_the_code, migrations.RunPython.noop)]
