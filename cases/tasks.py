from celery import shared_task

from cases import letters, runs
from records import clock
from records.letters import was_refused_lately


@shared_task(name="cases.tasks.sweep_due", ignore_result=True)
def sweep_due() -> None:
    """Every minute from beat; runs late, twice or beside another without harm."""
    runs.run()


@shared_task(name="cases.tasks.send_letters", ignore_result=True)
def send_letters() -> None:
    """On commit of whatever wrote one; what it does not reach the sweep sends."""
    now = clock.now()
    if not was_refused_lately(now):
        letters.send(now)
