import logging

from celery import shared_task

from portal.operations import telling
from records import clock, files

logger = logging.getLogger(__name__)


@shared_task(name="portal.tasks.tell_operator", ignore_result=True)
def tell_operator() -> None:
    """Every five minutes from beat, apart from the sweep, which waits for no number."""
    telling.tell(clock.now())


@shared_task(name="portal.tasks.remove_orphans", ignore_result=True)
def remove_orphans() -> None:
    """Every night from beat: what a crash left of an upload."""
    if count := files.remove_orphans():
        logger.warning("removed %s files that no row names", count)
