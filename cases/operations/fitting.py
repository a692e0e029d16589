"""Whether operations still fit the list and what is known of whom they name; empty sentences where they do."""

from collections.abc import Iterable, Mapping

from cases.operations.words import JOINING_ACTIONS
from cities.models import Programme
from providers.models import Organisation, Registration
from providers.operations import ListOperation


def joining(operations: Iterable[ListOperation]) -> list[ListOperation]:
    return [operation for operation in operations if operation.action in JOINING_ACTIONS]


def names_of(operations: Iterable[ListOperation]) -> dict[str, str]:
    """By code, what joining organisations are known by."""
    codes = {one.partner_code for one in joining(operations)}
    return dict(Organisation.objects.filter(credit_code__in=codes).values_list("credit_code", "name"))


def misnamed(operations: Iterable[ListOperation], known: Mapping[str, str]) -> str:
    """Where a joining organisation is known under another name: what is shown must be what is published."""
    coming = joining(operations)
    wrong = [one for one in coming if known.get(one.partner_code, one.partner_name) != one.partner_name]
    return "；".join(
        f"{one.partner_code} 登记的名称是“{known[one.partner_code]}”，不是“{one.partner_name}”"
        for one in wrong
    )


def joins_itself(
    operations: Iterable[ListOperation], registration: Registration, programme: Programme
) -> str:
    """No text says so, for it goes without saying: nobody stands behind himself."""
    own = registration.organisation
    is_there = any(one.partner_code == own.credit_code for one in joining(operations))
    return f"{own}不能做自己的{programme.partner_term}" if is_there else ""
