"""The version of a programme's rules that a command is asked about."""

from django.core.management.base import CommandError

from cities.models import Programme, Rulebook
from cities.queries import rulebook_in_force
from records import clock


def version_asked(slug: str, version: int | None) -> Rulebook:
    """Without a number the one in force, else the newest."""
    programme = Programme.objects.select_related("city").filter(slug=slug).first()
    if programme is None:
        known = "、".join(Programme.objects.values_list("slug", flat=True)) or "没有"
        raise CommandError(f"没有项目 {slug}。已有的：{known}")
    rows = Rulebook.objects.filter(programme=programme).select_related("programme__city").order_by("version")
    if version is None:
        found = rulebook_in_force(programme, clock.now()) or rows.last()
    else:
        found = rows.filter(version=version).first()
    if found is None:
        known = "、".join(str(one.version) for one in rows) or "没有"
        raise CommandError(f"{programme}没有这一版规则。已有的版本：{known}")
    return found
