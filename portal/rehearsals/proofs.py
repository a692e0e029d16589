"""What the rehearsals of this installation prove."""

from pathlib import Path

from django.conf import settings

from portal.rehearsals.reading import Rehearsal, read_all


def shipped() -> list[Rehearsal]:
    """Every rehearsal that comes with the rulebooks."""
    return read_all([Path(settings.BASE_DIR) / "fixtures/rehearsals"])


def proven() -> set[str]:
    """The ids of the text's rules that a rehearsal says it proves; that it does is for the tests to show."""
    return {rule for rehearsal in shipped() for rule in rehearsal.proves}
