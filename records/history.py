"""The history of rows, as `simple_history` writes it."""

from functools import cached_property
from typing import Any

from django.db.models.signals import class_prepared
from simple_history import models
from simple_history.manager import HistoryDescriptor


class _Descriptor(HistoryDescriptor):
    """The library's makes the manager's class anew each time that a history is written or asked for, which takes longer than
    the writing."""

    @cached_property
    def _manager(self) -> Any:
        return self.manager_class.from_queryset(self.queryset_class)

    def __get__(self, instance: Any, owner: Any) -> Any:
        return self._manager(self.model, instance)


class HistoricalRecords(models.HistoricalRecords):
    def finalize(self, sender: Any, **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        name = self.manager_name
        if type(plain := vars(sender).get(name)) is HistoryDescriptor:
            setattr(sender, name, _Descriptor(plain.model, plain.manager_class, plain.queryset_class))
        if sender is self.cls and not self.inherit:
            # A migration makes every model anew some hundred times; none of those is ours.
            class_prepared.disconnect(self.finalize)
