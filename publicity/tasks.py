import logging

from celery import shared_task

from publicity.steps import carry_out_openings
from records import clock

logger = logging.getLogger(__name__)


@shared_task(name="publicity.tasks.open_batches", ignore_result=True)
def open_batches() -> None:
    """What the sweep does as well, sooner."""
    carry_out_openings(clock.now())


def hurry() -> None:
    """Have a worker open what was asked for now. Without a queue the next sweep does."""
    try:
        open_batches.apply_async(retry=False)
    except Exception as error:  # noqa: BLE001 -- each transport raises its own; what was asked for is in the database
        logger.warning("batches are opened by the next sweep: %s", type(error).__name__)
