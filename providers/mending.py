"""What an organisation is called, put right: its profile ends and the right one follows it. Called by `providers.registry`."""

from collections.abc import Iterable
from datetime import datetime

from providers import credit_code, queries
from providers.models import Organisation, OrganisationProfile, Partnership, Registration
from providers.operations import Action, ListOperation
from providers.snapshots import StaleOperation, Unit


def carry_out(
    registration: Registration, operations: Iterable[ListOperation], *, moment: datetime, at: datetime
) -> bool:
    """Says whether there was anything to put right."""
    asked = [one for one in operations if one.action in (Action.MEND_UNIT, Action.MEND_PARTNER)]
    for operation in asked:
        if operation.action == Action.MEND_UNIT:
            right: Unit = {
                "code": operation.unit_code,
                "name": operation.unit_name,
                "place": operation.unit_place,
            }
            if why := why_no_code(registration.organisation, right["code"]):
                raise StaleOperation(why, operation)
            # A row of its own: what is only tried out must not change the case that it was read with.
            registration.organisation = Organisation.objects.get(pk=registration.organisation_id)
            _follow(registration.organisation, right, note=operation.note, moment=moment, at=at)
        if operation.action == Action.MEND_PARTNER:
            partner = Organisation.objects.get(credit_code=operation.partner_code)
            now = queries.profile(partner, moment)
            _follow(partner, {**now, "name": operation.partner_name}, moment=moment, at=at)
    return bool(asked)


def why_no_code(organisation: Organisation, code: str) -> str:
    """Why an organisation cannot get this code; empty where it can, or has it."""
    if code == organisation.credit_code:
        return ""
    other = Organisation.objects.filter(credit_code=code).first()
    if other:
        return f"信用代码 {code} 已是{other}的，不能再给{organisation}"
    if Partnership.objects.filter(organisation=organisation).exists():
        return f"{organisation}还作为合作伙伴列在名单上，代码不能在这里改；在那里换成代码正确的一家，再改这里"
    return ""


def _follow(
    organisation: Organisation, right: Unit, *, moment: datetime, at: datetime, note: str = ""
) -> None:
    for profile in organisation.profiles.current():
        profile.valid_to = moment
        profile.save()
    OrganisationProfile.objects.create(
        organisation=organisation,
        name=right["name"],
        credit_code=right["code"],
        place=right["place"],
        valid_from=moment,
        recorded_at=at,
    )
    if right["code"] != organisation.credit_code:
        organisation.code_override = note if credit_code.check_digit_fails(right["code"]) else ""
    organisation.name, organisation.credit_code = right["name"], right["code"]
    organisation.save()
