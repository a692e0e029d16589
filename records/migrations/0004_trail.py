from typing import Any

from django.db import migrations, models

from records.trail import digests


def mark_names(apps: Any, schema_editor: Any) -> None:
    """Of what was recorded before; the tables are guarded only after this."""
    for event in apps.get_model("records", "Event").objects.filter(actor_mark="").iterator():
        event.actor_salt = digests.new_salt()
        event.actor_mark = digests.mark(event.actor_name, event.actor_salt)
        event.save(update_fields=["actor_salt", "actor_mark"])


class Migration(migrations.Migration):

    dependencies = [
        ('records', '0003_letters_to_whomever'),
    ]

    operations = [
        migrations.CreateModel(
            name='TrailBlock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(unique=True, verbose_name='块号')),
                ('after', models.BigIntegerField(verbose_name='接在哪个事件之后')),
                ('through', models.BigIntegerField(verbose_name='到哪个事件')),
                ('digests', models.JSONField(verbose_name='各事件的指纹')),
                ('sealed_at', models.DateTimeField(verbose_name='封存时间')),
                ('digest', models.CharField(max_length=64, verbose_name='指纹')),
            ],
            options={
                'verbose_name': '封存的事件',
                'verbose_name_plural': '封存的事件',
                'ordering': ['number'],
            },
        ),
        migrations.AddField(
            model_name='event',
            name='actor_mark',
            field=models.CharField(default='', editable=False, max_length=64),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='event',
            name='actor_salt',
            field=models.CharField(default='', editable=False, max_length=32),
            preserve_default=False,
        ),
        migrations.RunPython(mark_names, migrations.RunPython.noop),
    ]
