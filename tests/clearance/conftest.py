from typing import Any

from cases import engine
from cases import steps as case_steps
from cases.models import Case, GroundFound
from cases.sweep import wake
from clearance import answers, queries, serving, steps
from clearance.models import Service
from notices import issuing, pdf
from notices.models import Notice
from providers.models import Registration
from tests.conftest import NOW, at

FACTS = "经核对，所附的合同并不存在"


def enter(registration: Registration, by: Any, key: str, *, at: Any = NOW, **about: Any) -> GroundFound:
    """What somebody of the office has found, under the ground of that key."""
    rows = queries.grounds_in_force(registration.programme, at)
    ground = next(row for row in rows if row.key == key)
    return steps.enter(ground, registration, evidence="核对了合同原件", by=by, at=at, **about)


def begun(registration: Registration, by: Any, key: str, *, at: Any = NOW, **about: Any) -> Case:
    case = steps.begin(enter(registration, by, key, at=at, **about), by=by, at=at)
    steps.save(case, facts=FACTS, demands="补齐材料", afterwards="", at=at)
    return engine.load(case.pk)


def filed(registration: Registration, by: Any, key: str, *, at: Any = NOW, **about: Any) -> Case:
    return case_steps.submit(begun(registration, by, key, at=at, **about), by=by, at=at)


GUANGZHOU = "guangzhou-lead-units"
LAST = at("2026-09-30 00:00").date()
JUST_BEFORE, OVER = at("2026-09-30 23:59"), at("2026-10-01 00:00")


def ordered(
    registration: Registration, clerk: Any, decider: Any, *, moment: Any = NOW, last: Any = LAST
) -> Case:
    """Criticised and ordered to put it right, by Guangzhou's rows."""
    case = filed(registration, clerk, "bad_faith", at=moment)
    case_steps.decide(case, "order", by=decider, at=moment, named_day=last)
    return engine.load(case.pk)


def made(case: Case, moment: Any = NOW) -> None:
    """The documents of a case that waited for their files, with a few bytes each."""
    for notice in Notice.objects.filter(case=case, state=Notice.State.ISSUING):
        issuing._put(notice, pdf.Made(f"%PDF-1.7 {notice.code}".encode(), []), moment)


def served(case: Case, by: Any, *, moment: Any = NOW, on: Any = None) -> Case:
    made(case, moment)
    with engine.locked(case.pk) as (fresh, _):
        serving.serve(fresh, how=Service.How.HANDED, served_on=on or moment.date(), by=by, at=moment)
    return engine.load(case.pk)


def answered(
    case: Case, by: Any, *, moment: Any = NOW, received_on: Any = None, text: str = "已经改好"
) -> Case:
    with engine.locked(case.pk) as (fresh, _):
        answers.answer(fresh, text, [], received_on=received_on, by=by, at=moment)
    return engine.load(case.pk)


def in_vain(registration: Registration, clerk: Any, decider: Any) -> Case:
    """An order of some weeks ago, the day of which is over."""
    then = at("2026-08-03 09:00")
    case = ordered(registration, clerk, decider, moment=then, last=at("2026-08-20 00:00").date())
    served(case, clerk, moment=then)
    wake(case.pk, at("2026-08-21 00:00"))
    return engine.load(case.pk)


def found(registration: Registration, key: str) -> list[GroundFound]:
    return list(GroundFound.objects.filter(registration=registration, ground__key=key).order_by("pk"))
