from celery import shared_task

from notices import issuing
from records import clock


@shared_task(name="notices.tasks.make_files", ignore_result=True)
def make_files() -> None:
    """On commit of whatever was decided; what it does not reach the sweep makes."""
    issuing.carry_out(clock.now())
