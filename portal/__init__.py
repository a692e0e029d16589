"""The site itself: settings, addresses, the task queue. Imports every app, imported by none."""

# Loaded with Django so that every process sends tasks to the broker of the settings.
from portal.celery import app as celery_app

__all__ = ["celery_app"]
