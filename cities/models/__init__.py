from cities.models.calendar import CalendarDay, CalendarYear
from cities.models.place import City, District, Industry, Programme
from cities.models.procedure import Outcome, Procedure, RequiredMaterial, Stage
from cities.models.rulebook import Article, FrozenRulebook, Rulebook
from cities.models.rules import Category, CountingRule, Limit, Provision, RuleRow

__all__ = [
    "Article",
    "CalendarDay",
    "CalendarYear",
    "Category",
    "City",
    "CountingRule",
    "District",
    "FrozenRulebook",
    "Industry",
    "Limit",
    "Outcome",
    "Procedure",
    "Programme",
    "Provision",
    "RequiredMaterial",
    "RuleRow",
    "Rulebook",
    "Stage",
]
