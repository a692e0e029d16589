from cities.models.calendar import CalendarDay, CalendarYear
from cities.models.decision import DecisionMade, OfficeDecision, OfficialText
from cities.models.duties import Ground, ReportingDuty
from cities.models.entry import Condition, Quota
from cities.models.evaluation import Dimension, EvaluationScheme, GradeBand
from cities.models.place import City, District, Industry, Programme
from cities.models.procedure import Outcome, Procedure, RequiredMaterial, Stage
from cities.models.rulebook import Article, FrozenRulebook, Rulebook
from cities.models.rules import Category, CitedRow, CountingRule, Limit, Provision, RuleRow, TextRule

__all__ = [
    "Article",
    "CalendarDay",
    "CalendarYear",
    "Category",
    "CitedRow",
    "City",
    "Condition",
    "CountingRule",
    "DecisionMade",
    "Dimension",
    "District",
    "EvaluationScheme",
    "FrozenRulebook",
    "GradeBand",
    "Ground",
    "Industry",
    "Limit",
    "OfficeDecision",
    "OfficialText",
    "Outcome",
    "Procedure",
    "Programme",
    "Provision",
    "Quota",
    "ReportingDuty",
    "RequiredMaterial",
    "RuleRow",
    "Rulebook",
    "Stage",
    "TextRule",
]
