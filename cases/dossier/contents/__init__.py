"""What every case has to say of itself in its dossier."""

from cases import proofs
from cases.dossier.contents import course, facts, filed, letters, materials, rules, trail
from cases.dossier.parts import Place, register, register_opening
from cases.materials import OPENED


def register_all() -> None:
    register(Place.CASE, facts.part)
    register(Place.FILED, filed.part)
    register(Place.GROUNDS, facts.grounds)
    register(Place.MATERIALS, materials.part)
    register(Place.CHECKS, course.checks)
    register(Place.DECISIONS, course.decisions)
    register(Place.DEADLINES, course.deadlines)
    register(Place.LETTERS, letters.part)
    register(Place.RULES, rules.parts)
    register(Place.TIMELINE, trail.timeline)
    register(Place.ACCESS, trail.access)
    register_opening(OPENED, proofs.OPENED, trail.EXPORTED)
