from celery import shared_task

from cases.sweep import sweep
from records import clock


@shared_task(name="cases.tasks.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Every minute from beat; runs late, twice or beside another without harm."""
    sweep(clock.now())
