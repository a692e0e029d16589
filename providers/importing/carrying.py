"""Makes a plan the first edition, or says how the list that is already there differs from it."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from cities.models import Programme
from providers import listed, queries, registry
from providers.importing.plan import ImportPlan
from providers.listed import ListedUnit
from providers.models import ListEdition, Registration, RegistrationEntry
from providers.snapshots import SIGNS, Difference, Snapshot, arranged, differences
from records import events, words

AT_ONCE = 500
# A unit's row, its list, and the categories and industries it stands in by their keys.
Standing = tuple[Registration, Snapshot, set[tuple[str, str]]]


class ImportRefused(Exception):
    """Nothing was changed; `lines` are the mistakes in the file, or what differs from the list that is there."""

    def __init__(self, message: str, lines: Iterable[object]) -> None:
        super().__init__(message)
        self.lines = [str(line) for line in lines]


def carry_out(plan: ImportPlan, *, at: datetime, by: Any) -> tuple[ListEdition, bool]:
    """The edition the list stands as, and whether it was made now: the same list a second time changes nothing."""
    if plan.problems:
        raise ImportRefused(f"有 {len(plan.problems)} 处要改，什么都没有写入", plan.problems)
    with transaction.atomic():
        register = registry.lock(plan.programme)
        if edition := already_entered(plan):
            return edition, False
        if register.last_number:
            raise _refusal(plan, at)
        edition = registry.enter(register, plan.units, at=at, published_at=plan.published_at)
        summary = f"导入名单为{edition}：{edition.summary}"
        data = {"edition": edition.number, "digest": edition.digest}
        city = plan.programme.city
        events.record("import_list", summary, at=at, by=by, data=data, city=city, programme=plan.programme)
    return edition, True


def already_entered(plan: ImportPlan) -> ListEdition | None:
    """The edition that this very list was imported as."""
    imported = plan.programme.editions.filter(kind=ListEdition.Kind.IMPORT)
    return imported.filter(digest=listed.digest(plan.units)).first()


def obstacles(plan: ImportPlan, *, at: datetime) -> list[str]:
    """Why a plan without mistakes still could not be carried out: the list that is there, line by line."""
    if already_entered(plan) or not plan.programme.editions.exists():
        return []
    return list(_compare(plan, at)) or ["登记地、类别或名称的写法与第 1 版导入时不同"]


def _refusal(plan: ImportPlan, at: datetime) -> ImportRefused:
    message = f"{plan.programme}已有名单，和文件不同，什么都没有写入。名单只能导入一次，以后的变动走变更程序"
    return ImportRefused(message, obstacles(plan, at=at))


def _compare(plan: ImportPlan, at: datetime) -> Iterator[str]:
    standing, handed_in = _standing(plan.programme, at), {unit.code: unit for unit in plan.units}
    names = {industry.key: industry.name for industry in plan.programme.industries.all()}
    for code in sorted(standing.keys() | handed_in.keys()):
        if code not in handed_in:
            yield f"{standing[code][0].organisation.name}（{code}）在名单里，文件里没有"
        elif code not in standing:
            yield f"{handed_in[code].name}（{code}）在文件里，名单里没有"
        else:
            yield from _compare_unit(*standing[code], handed_in[code], names)


def _compare_unit(
    row: Registration, now: Snapshot, keys: set[tuple[str, str]], unit: ListedUnit, names: dict[str, str]
) -> Iterator[str]:
    whose = f"{row.organisation.name}（{unit.code}）"
    if row.entered_on != unit.entered_on:
        there, here = words.full_day(row.entered_on), words.full_day(unit.entered_on)
        yield f"{whose}入库日期：名单是{there}，文件是{here}"
    if (there := row.district.name if row.district else "") != unit.district:
        yield f"{whose}所属区市：名单是{there or '空'}，文件是{unit.district or '空'}"
    if extra := set(unit.entries) - keys:
        yield f"{whose}文件多出：{'、'.join(names[industry] for _, industry in sorted(extra))}"
    if lacking := keys - set(unit.entries):
        yield f"{whose}文件缺少：{'、'.join(names[industry] for _, industry in sorted(lacking))}"
    yield from (f"{whose}{_wording(line)}" for line in differences(now, _as_snapshot(unit, now, names)))


def _standing(programme: Programme, at: datetime) -> dict[str, Standing]:
    rows = list(
        Registration.objects.at(at).filter(programme=programme).select_related("organisation", "district")
    )
    keys: dict[int, set[tuple[str, str]]] = {row.pk: set() for row in rows}
    entries = RegistrationEntry.objects.at(at).filter(registration__programme=programme)
    for registration, category, industry in entries.values_list("registration", "category", "industry__key"):
        keys.get(registration, set()).add((category, industry))
    found: dict[str, Standing] = {}
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        snapshots = queries.snapshots(some, at)
        found |= {row.organisation.credit_code: (row, snapshots[row.pk], keys[row.pk]) for row in some}
    return found


def _as_snapshot(unit: ListedUnit, now: Snapshot, names: dict[str, str]) -> Snapshot:
    """What the file says of a unit, its industries after those the list has."""
    order = [row["key"] for row in now["industries"]]
    order += sorted({industry for _, industry in unit.entries} - set(order))
    return arranged(
        [{"key": key, "name": names[key]} for key in order],
        [
            {
                "industry": row.industry,
                "industry_name": names[row.industry],
                "code": row.code,
                "name": row.name,
            }
            for row in unit.partners
        ],
        [
            {"code": row.code, "name": row.name, "price": row.price, "summary": row.summary}
            for row in unit.items
        ],
    )


def _wording(line: Difference) -> str:
    some: Any = line["after"] or line["before"]
    subject = "目录" if line["subject"] == "item" else line["industry_name"]
    return f"{subject} {SIGNS[line['mark']]} {line['code']} {some['name']}"
