from celery import shared_task

from cases import letters, runs
from records import clock


@shared_task(name="cases.tasks.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Every minute from beat; runs late, twice or beside another without harm."""
    runs.run(clock.now())


@shared_task(name="cases.tasks.send_letters", ignore_result=True)
def send_letters() -> None:
    """On commit of whatever wrote one; what it does not reach the sweep sends."""
    letters.send(clock.now())
