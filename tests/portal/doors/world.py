"""Who comes to the doors, and what they ask for: one city with something behind every door, and people of it, of another city and
of another organisation. What is a neighbour's to the one is own to the other, so all ask for the things of the same city."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts import roles
from accounts.invitations import invite
from accounts.models import Grant, Handover, User
from cases import batches, engine, grounds
from cases import steps as case_steps
from cases.models import Case
from cities import decisions
from cities.admin.row_form import owner_of
from cities.models import City, District, Programme, Quota, Rulebook
from cities.queries import procedure_in_force
from cities.rulebooks import copying
from clearance import answers, serving
from corrections import steps as correction_steps
from providers import lineage, terminations
from providers.models import Registration
from publicity import receipts
from publicity import steps as publicity_steps
from publicity.models import PublicityItem
from records import files, letters
from tests.clearance.conftest import begun
from tests.clearance.conftest import filed as measured
from tests.clearance.partners import ordered as ordered_now
from tests.conftest import NOW, PDF, UNITS, add, office, review, submitted
from tests.conftest import _fill as fill
from tests.notices.conftest import issued
from tests.portal.doors.walk import Door
from tests.remembered import remembered

BASE_URL = "http://testserver"
# A role of the table, the role that is granted, and on what.
OFFICE = {
    "clerk": (roles.CLERK, "programme"),
    "decider": (roles.DECIDER, "programme"),
    "editor": (roles.RULEBOOK_EDITOR, "city"),
    "issuer": (roles.NOTICE_ISSUER, "programme"),
    "reviewer": (roles.DISTRICT_REVIEWER, "district"),
    "expert": (roles.EXPERT, "programme"),
    "evaluator": (roles.EVALUATOR, "programme"),
    "auditor": (roles.AUDITOR, "city"),
    "access": (roles.ACCESS_ADMINISTRATOR, "city"),
}
PROVIDERS = {
    "manager": (roles.PROVIDER_MANAGER, "organisation"),
    "member": (roles.PROVIDER_MEMBER, "organisation"),
}

GRANTED = {name: role for name, (role, _) in (OFFICE | PROVIDERS).items()}
# Of which the stock pages show whichever there is first.
ROWS = ("row", "listed", "calendar")
LISTED = {
    "providers.organisation": "registrations__programme",
    "providers.registration": "programme",
    "providers.listedition": "programme",
    "providers.succession": "successor__registrations__programme",
    "providers.termination": "organisation__registrations__programme",
}


@dataclass(frozen=True)
class World:
    people: dict[str, User | None]  # of the table's roles, here
    neighbours: dict[str, User]  # of another city or organisation
    inactive: User
    things: dict[str, dict[str, Any]]  # by the table's word for them: what stands in an address

    def own(self, door: Door, about: str) -> dict[str, Any]:
        """What stands in the address of this door where it leads to something of this city."""
        given = _keys(self._row(door, about)) if about in ROWS else self.things.get(about, {})
        return {key: given[key] for key in door.keys}

    def address(self, door: Door, about: str, given: dict[str, Any] | None = None) -> str:
        place = self._place(door) if about == "place" else ""
        return door.address(self.own(door, about) if given is None else given) + place

    def _row(self, door: Door, about: str) -> Any:
        """The first row of the kind that a stock page shows."""
        rows = apps.get_model(door.model)._default_manager.order_by("pk")
        if about == "row":
            rows = rows.filter(rulebook=self.things["draft rules"]["pk"])
        elif about == "listed":
            rows = rows.filter(**{LISTED[door.model]: self.things["programme"]["pk"]})
        return rows[0]

    def _place(self, door: Door) -> str:
        """Where a new row of the draft is to stand, which the address of its form says."""
        name, owner = owner_of(apps.get_model(door.model))
        draft = self.things["draft rules"]["pk"]
        where = {"pk": draft} if owner is Rulebook else {"rulebook": draft}
        return f"?{name}={owner._default_manager.filter(**where).order_by('pk')[0].pk}"


@remembered
def build(programme: Programme, registration: Registration, second: Registration) -> World:
    apply = partial(fill, programme)
    District.objects.create(city=programme.city, name="演示区")
    Registration.objects.filter(pk=registration.pk).update(district=programme.city.districts.get())
    facts: dict[str, Any] = {"kind": "merged", "day": NOW.date(), "evidence": "合并公告"}
    lineage.record(second.organisation, registration.organisation, by=None, at=NOW, **facts)
    ended: dict[str, Any] = {"kind": "cancelled", "day": NOW.date(), "evidence": "登记机关公告"}
    terminations.record(second.organisation, by=None, at=NOW, **ended)
    places = {
        "programme": programme,
        "city": programme.city,
        "district": programme.city.districts.get(),
        "organisation": registration.organisation,
    }
    people: dict[str, User | None] = dict(_people("", places))
    people["superuser"] = User.objects.create_superuser("root", "root@example.org", "a-long-password-9")
    people["anonymous"] = None
    return World(
        people,
        _people("other_", {**_another_city(), "organisation": second.organisation}),
        _shut_out(programme),
        _things(programme, registration, people, apply),
    )


def _people(before: str, places: dict[str, Any]) -> dict[str, User]:
    return {
        name: office(f"{before}{name}", f"{before}{name}", role, places[word])
        for name, (role, word) in (OFFICE | PROVIDERS).items()
    }


def _another_city() -> dict[str, Any]:
    city = City.objects.create(slug="elsewhere", name="别处市", office="别处市工作组")
    programme = Programme.objects.create(
        city=city, slug="elsewhere-units", name="服务商", registrant_term="服务商", number_prefix="BC"
    )
    district = District.objects.create(city=city, name="别处区")
    return {"city": city, "programme": programme, "district": district}


def _shut_out(programme: Programme) -> User:
    """Everything was held once, and the account is shut."""
    user = office("inactive", "停用", roles.CLERK, programme)
    user.is_active, user.is_superuser = False, True
    user.save()
    return user


def _things(programme: Programme, unit: Registration, people: dict[str, Any], apply: Any) -> dict[str, Any]:
    """By the table's word: something of this city or organisation, at the point where most can be done with it."""
    clerk, manager = people["clerk"], people["manager"]
    period, objection = _in_publicity(people, apply)
    filed = submitted(apply(unit, manager), by=manager, at=NOW)
    material = filed.materials.all()[0].pk
    return {
        "case": {"pk": filed.pk, "material": material, "material_pk": material},
        "draft": {"pk": apply(unit, manager).pk, "action": "add_partner"},
        "period": _keys(period),
        "objection": {"object_id": objection.pk, "file_id": objection.files.get().pk},
        "letter": _keys(filed.letters.get()),
        "desk letter": _keys(_told(clerk)),
        "procedure": {"registration": unit.pk, "procedure": "partner_change"},
        "batch": _keys(batches.create(filed.procedure, [filed], by=clerk, at=NOW)),
        "ground": _found(filed, clerk),
        "correction": {"pk": correction_steps.begin(unit, by=clerk, at=NOW).pk, "action": "mend_unit"},
        **_measures(unit, people),
        **_offers(unit, clerk, manager),
        "member": _keys(Grant.objects.get(user=people["member"])),
        "managed": _keys(Grant.objects.get(user=manager)),
        "grant": _keys(Grant.objects.get(user=clerk)),
        "person": _keys(clerk),
        "list": {"slug": programme.slug, "number": 1, "credit_code": UNITS["first"][0]},
        "programme": {"slug": programme.slug, **_keys(programme)},
        "city": _keys(programme.city),
        **_rules(programme, people["editor"]),
        "reset": {"uidb64": "MQ", "token": "no-such-token"},
        "another's login": {"number": filed.pk},
        "objector": {"kind": "objector", "key": objection.pk},
        "handover": _keys(_begun(manager, clerk, objection.files.get().stored)),
        "receipt": {"token": receipts.url(objection).rstrip("/").rpartition("/")[2]},
        **_announced(programme, filed),
        "app": {"app_label": "cities"},
        "nothing": {"url": "nothing-here"},
    }


def _measures(unit: Registration, people: dict[str, Any]) -> dict[str, Any]:
    """A case over a ground that is being written, three over which the unit is heard, of which it has two and has answered one, and
    its own application to leave."""
    clerk, decider, manager = people["clerk"], people["decider"], people["manager"]
    asked, answering, answered = (_heard(unit, clerk, decider) for _ in range(3))
    stored = files.store(SimpleUploadedFile("说明.pdf", PDF), kinds=["pdf"], max_megabytes=1, by=None, at=NOW)
    with engine.locked(answering.pk) as (case, _):
        serving.serve(case, how="handed", served_on=NOW.date(), by=clerk, at=NOW)
    with engine.locked(answered.pk) as (case, _):
        service = serving.serve(case, how="handed", served_on=NOW.date(), proof=stored, by=clerk, at=NOW)
        given = answers.answer(case, "情况属实", [stored], by=manager, at=NOW)
    row = procedure_in_force(unit.programme, "exit", NOW)
    assert row is not None
    return {
        "measure": _keys(begun(unit, clerk, "ground_other")),
        "asked": _keys(asked),
        "answering": _keys(answering),
        "answered": {"pk": answered.pk, "file": given.files.get().pk},
        "answered proof": {"pk": answered.pk, "service": service.pk},
        "exit": {"registration": unit.pk, "procedure": row.key},
        "leaving": _keys(case_steps.draft(row, unit, by=manager, at=NOW)),
        "ordered": _keys(ordered_now(unit, clerk, decider)),
    }


def _heard(unit: Registration, clerk: User, decider: User) -> Case:
    return case_steps.decide(
        measured(unit, clerk, "ground_fraud"), "hear", by=decider, at=NOW, named_day=NOW.date()
    )


def _announced(programme: Programme, filed: Case) -> dict[str, Any]:
    """A notice that is out, with the scan of its sealed copy, and one that was served on the unit of a case."""
    notice = issued(programme)
    notice.sealed = notice.file
    notice.save()
    served = issued(programme, case=filed, is_public=False)
    return {
        "notice": {**_keys(notice), "code": notice.code},
        "served": {"pk": filed.pk, "code": served.code},
        "wording": _keys(notice.template),
        "issuer": _keys(programme.city.issuers.get()),
    }


def _begun(manager: User, by: User, evidence: Any) -> Handover:
    """A hand-over by the office that nobody has taken up yet."""
    old = Grant.objects.get(user=manager)
    assert old.organisation is not None
    facts: dict[str, Any] = {"by": by, "begun_at": NOW, "reason": "管理员离职", "evidence": evidence}
    return Handover.objects.create(organisation=old.organisation, old=old, **facts)


def _keys(row: Any) -> dict[str, Any]:
    """Under whichever name an address has it."""
    return dict.fromkeys(("pk", "object_id", "batch", "rulebook"), row.pk)


def _in_publicity(people: dict[str, Any], apply: Any) -> tuple[Any, Any]:
    """Another unit's change, that an objection with a paper holds."""
    third = Registration.objects.get(organisation__credit_code=UNITS["third"][0])
    paper = apply(third, people["clerk"], [add("fresh", third)], channel="paper", received_on=NOW.date())
    shown = review(submitted(paper, by=people["clerk"], at=NOW), people["clerk"], people["decider"], NOW)
    period = publicity_steps.open_period(shown, by=people["clerk"], at=NOW)
    upload = SimpleUploadedFile("证据.pdf", PDF)
    evidence = files.store(upload, kinds=["pdf"], max_megabytes=1, by=None, at=NOW)
    told: Any = {"person": "individual", "name": "王异议", "contact": "13800001111", "matter": "与实际不符"}
    item = PublicityItem.objects.get(case=shown)
    return period, publicity_steps.lodge(item, at=NOW, files=[("evidence", evidence)], **told)


def _told(clerk: User) -> Any:
    """What is written to a desk of a morning."""
    told: dict[str, Any] = {"audience": "staff", "kind": "desk", "subject": "新到 1 件", "body": "请办理"}
    return letters.write("desk:clerk", [clerk], at=NOW, **told)


def _found(case: Any, by: Any) -> dict[str, Any]:
    """Something that the desk has to look at, with what proves it."""
    told = {"label": "异议 DG-YY-2026-0009", "evidence": "异议成立", "edition": case.base_edition}
    upload = SimpleUploadedFile("照片.pdf", PDF)
    stored = files.store(upload, kinds=["pdf"], max_megabytes=1, by=by, at=NOW)
    about = {"found_in": case, "files": [stored], "by": by, "at": NOW}
    found = grounds.find("list_wrong", "objection:0", case.registration, **about, **told)
    return _keys(found) | {"file": found.files.get().pk}


def _offers(unit: Registration, clerk: User, manager: User) -> dict[str, Any]:
    """An organisation's own offer to a member, with its link, and the office's to a manager."""
    facts: dict[str, Any] = {"at": NOW, "base_url": BASE_URL}
    own, token = invite(unit.organisation, "new@example.org", roles.PROVIDER_MEMBER, by=manager, **facts)
    offices, _ = invite(unit.organisation, "boss@example.org", roles.PROVIDER_MANAGER, by=clerk, **facts)
    return {"offer": _keys(own), "link": {"token": token}, "office offer": _keys(offices)}


def _rules(programme: Programme, editor: User) -> dict[str, Any]:
    """A version that binds, a draft made of it with a row of every kind, and a text for comment."""
    binding = programme.rulebooks.get()
    draft = copying.copy_to_draft(binding, change="amendment", reason="修订", by=editor, at=NOW)
    category, article = draft.categorys.all()[0], draft.articles.all()[0]
    facts: dict[str, Any] = {"key": "planned", "order": 1, "article": article, "category": category}
    Quota.objects.create(
        rulebook=draft, procedure_key="entry", per="programme", at_least=1, at_most=2, **facts
    )
    matter = decisions.matters(binding, NOW)[0].key
    text = programme.rulebooks.create(version=9, title="办法", standing="consultation")
    return {
        "rules": _keys(binding),
        "draft rules": _keys(draft),
        "text for comment": _keys(text),
        "matter": {"programme": programme.slug, "version": 1, "matter": matter},
    }
