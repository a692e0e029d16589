"""`python -m tests.cases.racing MOMENT`: every due case at once, each in a thread and on a connection of its own."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import django

if __name__ == "__main__":
    django.setup()
    from django.db import OperationalError, connection

    from cases.models import Case
    from cases.sweep import wake

    moment = datetime.fromisoformat(sys.argv[1])

    def race(case_id: UUID) -> bool:
        """As the next sweeps would, where the lock is not had in time."""
        try:
            for _ in range(10):
                with suppress(OperationalError):
                    return wake(case_id, moment)
            return False
        finally:
            connection.close()

    racers = list(Case.objects.filter(wake_at__lte=moment).values_list("pk", flat=True))
    with ThreadPoolExecutor(len(racers)) as pool:
        under_way = [pool.submit(race, case_id) for case_id in racers]
        sys.stderr.write("racing\n")
        sys.stderr.write(f"{sum(one.result() for one in under_way)} done\n")
