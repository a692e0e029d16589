"""Whether an organisation may enter a list at all: asked of every application to enter, whenever the state is asked."""

from datetime import datetime
from typing import Any

from cases import kinds
from cases.checks import Check
from cases.models import Case
from cities import decisions
from cities.models import Limit, Programme, Rulebook
from cities.rulebooks.describe import citation
from providers import bars, lineage, wording
from providers.bars import Standing
from providers.models import Organisation


def bar_checks(
    organisation: Organisation, programme: Programme, at: datetime, rulebook: Rulebook | None = None
) -> list[Check]:
    """One for each bar that stands; where none does, that the row lets the organisation in; nothing where no row bars anybody.
    `rulebook` is the version that the case goes by, the one in force unless given."""
    found = bars.standing([organisation], programme, at, rulebook)[organisation.pk]
    if found:
        return [_barred(one) for one in found]
    return [_free(organisation, limit) for limit in bars.rows(programme, at, rulebook)]


class ElsewhereNote:
    """On the page of a case: where its organisation was removed from other lists, and those that it would bring in, for the staff
    alone."""

    template = "admin/cases/desk/elsewhere.html"

    def context(self, case: Case, user: Any, at: datetime) -> dict[str, Any]:
        named = Organisation.objects.filter(credit_code__in=kinds.of(case).subjects(case))
        partners = list(named.exclude(pk=case.organisation_id).order_by("name"))
        found = bars.elsewhere_of([case.organisation, *partners], case.programme, at, case.rulebook)
        own = [f"{case.organisation}{wording.elsewhere(one)}" for one in found[case.organisation_id]]
        theirs = [
            f"{partner}{wording.elsewhere_of_partner(one)}"
            for partner in partners
            for one in found[partner.pk]
        ]
        return {"lines": [*own, *theirs]} if own or theirs else {}


def _free(organisation: Organisation, limit: Limit) -> Check:
    message = f"{organisation}没有被禁止申请入库"
    return _check(limit, "bar", passed=True, message=message)


def _barred(one: Standing) -> Check:
    return _check(
        one.limit,
        f"bar:{one.removal.pk}:{one.limit.pk}",
        passed=False,
        message=wording.bar(one),
        evidence=[lineage.step_words(step) for step in one.steps],
        advice=wording.after_bar(one),
    )


def _check(
    limit: Limit,
    key: str,
    *,
    passed: bool,
    message: str,
    evidence: list[str] | None = None,
    advice: str = "",
) -> Check:
    article, url = citation(limit)
    return Check(
        key=key,
        title="没有被禁止再次申请",
        passed=passed,
        message=message,
        article=article,
        article_url=url,
        strictness=limit.strictness,
        limit_id=limit.pk,
        value=0 if passed else 1,
        value_text="" if passed else "禁止再次申请",
        evidence=[*(evidence or []), *filter(None, [decisions.words(limit)])],
        advice=advice,
    )
