from celery import shared_task

from portal.operations import telling
from records import clock


@shared_task(name="portal.tasks.tell_operator", ignore_result=True)
def tell_operator() -> None:
    """Every five minutes from beat, apart from the sweep, which waits for no number."""
    telling.tell(clock.now())
