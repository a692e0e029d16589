from cities.admin.calendar import CalendarDayAdmin, CalendarYearAdmin
from cities.admin.decisions import OfficeDecisionAdmin
from cities.admin.place import CityAdmin, ProgrammeAdmin
from cities.admin.rows import RuleRowAdmin
from cities.admin.rulebook import RulebookAdmin

__all__ = [
    "CalendarDayAdmin",
    "CalendarYearAdmin",
    "CityAdmin",
    "OfficeDecisionAdmin",
    "ProgrammeAdmin",
    "RuleRowAdmin",
    "RulebookAdmin",
]
