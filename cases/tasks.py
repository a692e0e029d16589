from celery import shared_task

from cases import runs
from records import clock


@shared_task(name="cases.tasks.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Every minute from beat; runs late, twice or beside another without harm."""
    runs.run(clock.now())
