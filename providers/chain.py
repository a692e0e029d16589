"""The chain of a list's editions: each digest covers the one before, so none can be altered without all that follow."""

from cities.models import Programme
from providers import listed
from providers.models import ListEdition


def digest(previous: str, edition: ListEdition) -> str:
    moment = edition.published_at.timestamp()
    content = [edition.programme.slug, edition.number, moment, edition.kind, edition.changes]
    return listed.fingerprint(previous, content)


def broken(programme: Programme) -> list[int]:
    """The editions whose digest is not that of what they say, or that follow a gap. A list that was handed in is where its
    chain begins: its digest is that of what was handed in."""
    found, before, expected = [], "", 1
    for edition in programme.editions.select_related("programme").order_by("number"):
        if edition.number != expected or _is_wrong(edition, before):
            found.append(edition.number)
        before, expected = edition.digest, edition.number + 1
    return found


def _is_wrong(edition: ListEdition, before: str) -> bool:
    return edition.kind != ListEdition.Kind.IMPORT and edition.digest != digest(before, edition)
