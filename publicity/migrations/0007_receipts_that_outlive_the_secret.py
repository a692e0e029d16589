from typing import Any

from django.db import migrations, models

import publicity.models.objection


def give_keys(apps: Any, schema_editor: Any) -> None:
    for objection in apps.get_model("publicity", "Objection").objects.filter(receipt_key=None):
        objection.receipt_key = publicity.models.objection.new_key()
        objection.save(update_fields=["receipt_key"])


class Migration(migrations.Migration):

    dependencies = [
        ('publicity', '0006_why_the_same_is_shown_again'),
    ]

    operations = [
        migrations.AddField('objection', 'form_key', models.CharField(editable=False, max_length=32, null=True, unique=True)),
        migrations.AddField('objection', 'receipt_key', models.CharField(editable=False, max_length=32, null=True)),
        migrations.RunPython(give_keys, migrations.RunPython.noop),
        migrations.AlterField(
            'objection',
            'receipt_key',
            models.CharField(default=publicity.models.objection.new_key, editable=False, max_length=32, unique=True),
        ),
    ]
