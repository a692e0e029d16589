from typing import Any

from django.db import migrations


def note_them(apps: Any, schema_editor: Any) -> None:
    """What was only listed so far as sustained after its list was published waits from now on in the inbox of grounds."""
    Objection = apps.get_model("publicity", "Objection")
    GroundFound = apps.get_model("cases", "GroundFound")
    rows = Objection.objects.filter(
        edition__isnull=False,
        state__in=("upheld", "upheld_in_part"),
        item__case__registration__isnull=False,
    )
    words = {"upheld": "成立", "upheld_in_part": "部分成立"}
    for row in rows.select_related("item__case__organisation", "edition"):
        case = row.item.case
        told = f"对 {case.number}（{case.organisation.name}）的异议{words[row.state]}，当时名单已发布为第 {row.edition.number} 版"
        GroundFound.objects.get_or_create(
            kind="list_wrong",
            source=f"objection:{row.pk.hex}",
            defaults={
                "source_label": f"异议 {row.receipt}",
                "programme_id": case.programme_id,
                "registration_id": case.registration_id,
                "edition": row.edition,
                "found_in": case,
                "evidence": told,
                "found_at": row.settled_at,
            },
        )


class Migration(migrations.Migration):

    dependencies = [
        ("cases", "0008_grounds_found"),
        ("publicity", "0004_objections_whole"),
    ]

    operations = [migrations.RunPython(note_them, migrations.RunPython.noop)]
