"""The programmes' rules side by side, topic by topic. Topics know the models and vocabularies of rows, never a programme."""

from cities.comparison.table import Table, compare
from cities.comparison.versions import moment, programmes, shown

__all__ = ["Table", "compare", "moment", "programmes", "shown"]
