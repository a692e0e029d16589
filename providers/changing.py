"""Writes the rows of one unit's change, for `providers.registry` alone: all with one moment, each kind of row at once."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from providers import credit_code
from providers.models import (
    CatalogueItem,
    CatalogueVersion,
    Organisation,
    OrganisationProfile,
    Partnership,
    Registration,
    RegistrationEntry,
)
from providers.operations import ListOperation
from providers.rows import create
from providers.snapshots import Difference

Lines = list[Difference]


class Change:
    """`grown_by` is by what an edition counts; a change touches neither units nor their industries."""

    def __init__(
        self, registration: Registration, operations: list[ListOperation], *, moment: datetime, at: datetime
    ) -> None:
        self.registration = registration
        self.notes = {one.partner_code: one.note for one in operations if one.partner_code}
        self.moment = moment
        self.dated = {"valid_from": moment, "recorded_at": at}
        self.grown_by: Counter[str] = Counter()

    def carry_out(self, lines: Lines) -> Lines:
        """What was written: whoever is known joins under the name he has; what an organisation is called is its own, and
        `mending` writes that."""
        partners = [line for line in lines if line["subject"] == "partner"]
        items = [line for line in lines if line["subject"] == "item"]
        self._end_partners(_marked(partners, "end"))
        self._end_items(_marked(items, "end", "edit"))
        names = self._add_partners(_marked(partners, "add"))
        self._add_items(_marked(items, "add", "edit"))
        return [*(_under_its_name(line, names) for line in _marked(partners, "end", "add")), *items]

    def _end_partners(self, lines: Lines) -> None:
        places = {(line["industry"], line["code"]) for line in lines}
        if places:
            rows = Partnership.objects.current().filter(
                entry__registration=self.registration,
                organisation__credit_code__in={code for _, code in places},
            )
            found = rows.annotate(industry=F("entry__industry__key"), code=F("organisation__credit_code"))
            self._end("partners", [row for row in found if (row.industry, row.code) in places])

    def _end_items(self, lines: Lines) -> None:
        if lines:
            codes = [line["code"] for line in lines]
            rows = CatalogueVersion.objects.current().filter(item__registration=self.registration)
            self._end("items", rows.filter(item__code__in=codes))

    def _end(self, counted: str, rows: Iterable[Any]) -> None:
        for row in rows:
            row.valid_to = self.moment
            row.save(update_fields=["valid_to"])
            self.grown_by[counted] -= 1

    def _add_partners(self, lines: Lines) -> dict[str, str]:
        """Answers by credit code under which name each joined."""
        if not lines:
            return {}
        organisations = self._organisations({line["code"]: _name(line) for line in lines})
        entries = self._entries({line["industry"] for line in lines})
        rows = [
            Partnership(
                entry_id=entries[line["industry"]], organisation=organisations[line["code"]], **self.dated
            )
            for line in lines
        ]
        self.grown_by["partners"] += len(create(Partnership, rows))
        return {code: row.name for code, row in organisations.items()}

    def _entries(self, industries: set[str]) -> dict[str, int]:
        """The key of the first of each industry."""
        rows = RegistrationEntry.objects.current().filter(
            registration=self.registration, industry__key__in=industries
        )
        return dict(rows.order_by("-pk").values_list("industry__key", "pk"))

    def _organisations(self, names: dict[str, str]) -> dict[str, Organisation]:
        """By credit code, under the name each has; a new one takes the name the change gives it. Another programme, which
        has a lock of its own, may make one meanwhile."""
        known = Organisation.objects.in_bulk(list(names), field_name="credit_code")
        if not (missing := {code: name for code, name in names.items() if code not in known}):
            return known
        try:
            with transaction.atomic():
                return known | self._make(missing)
        except IntegrityError:
            if not Organisation.objects.filter(credit_code__in=missing).exists():
                raise
            return self._organisations(names)

    def _make(self, names: dict[str, str]) -> dict[str, Organisation]:
        rows = [
            Organisation(credit_code=code, name=name, code_override=self._override(code))
            for code, name in sorted(
                names.items()
            )  # one order for all: two programmes must not wait for each other
        ]
        made = create(Organisation, rows)
        create(
            OrganisationProfile,
            [
                OrganisationProfile(
                    organisation=row, name=row.name, credit_code=row.credit_code, **self.dated
                )
                for row in made
            ],
        )
        return {row.credit_code: row for row in made}

    def _override(self, code: str) -> str:
        return self.notes.get(code, "") if credit_code.check_digit_fails(code) else ""

    def _add_items(self, lines: Lines) -> None:
        if lines:
            items = self._items([line["code"] for line in lines])
            rows = [self._version(items[line["code"]], line["after"]) for line in lines]
            self.grown_by["items"] += len(create(CatalogueVersion, rows))

    def _items(self, codes: list[str]) -> dict[str, CatalogueItem]:
        """Under the programme's lock nobody else makes one meanwhile."""
        rows = CatalogueItem.objects.filter(registration=self.registration, code__in=codes).order_by()
        found = {row.code: row for row in rows}
        missing = [code for code in codes if code not in found]
        made = create(
            CatalogueItem, [CatalogueItem(registration=self.registration, code=code) for code in missing]
        )
        return found | {row.code: row for row in made}

    def _version(self, item: CatalogueItem, facts: Any) -> CatalogueVersion:
        words = {"name": facts["name"], "price": facts["price"], "summary": facts["summary"]}
        return CatalogueVersion(item=item, **words, **self.dated)


def _marked(lines: Lines, *marks: str) -> Lines:
    return [line for line in lines if line["mark"] in marks]


def _name(line: Difference) -> str:
    facts: Any = line["after"]
    return str(facts["name"])


def _under_its_name(line: Difference, names: dict[str, str]) -> Difference:
    after = line["after"]
    if after is None:
        return line
    named: Any = {**after, "name": names[line["code"]]}
    return {**line, "after": named}
