"""From when to when accounts were out of use, as the events tell it."""

from typing import Any

from django.db import migrations

from records import clock


def fill(apps: Any, schema_editor: Any) -> None:
    Suspension, User = apps.get_model("accounts", "Suspension"), apps.get_model("accounts", "User")
    Event = apps.get_model("records", "Event")
    for event in Event.objects.filter(verb="person_altered").order_by("at", "pk"):
        if "is_active" not in event.data.get("changed", ()):
            continue
        still_open = Suspension.objects.filter(user=event.data["user"], ends_at=None)
        if event.data.get("is_active"):
            still_open.update(ends_at=event.at, ended_by=event.actor_id)
        elif not still_open.exists():
            Suspension.objects.create(user_id=event.data["user"], starts_at=event.at, by_id=event.actor_id)
    # Of the others nobody knows since when: whoever asks later who could do what is told too many rather than too few.
    for user in User.objects.filter(is_active=False).exclude(
        pk__in=Suspension.objects.filter(ends_at=None).values("user")
    ):
        Suspension.objects.create(user=user, starts_at=clock.now())


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_one_person_suspensions_handovers"),
        ("records", "0004_trail"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
