"""What whoever keeps the site looks at: the numbers of this site, the page, the metrics, and whether it can serve."""

from portal.operations import letters, machine, rules, sweeping, work
from records.probes import register_probe


def register_all() -> None:
    for probe in (*work.PROBES, *letters.PROBES, *sweeping.PROBES, *rules.PROBES, *machine.PROBES):
        register_probe(probe)
