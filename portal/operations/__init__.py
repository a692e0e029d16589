"""What whoever keeps the site looks at: the numbers of this site, the page, the metrics, and whether it can serve."""

from portal.operations import letters, machine, rules, sweeping, trail, uploads, work
from records.probes import register_probe


def register_all() -> None:
    for part in (work, letters, sweeping, trail, uploads, rules, machine):
        for probe in part.PROBES:
            register_probe(probe)
