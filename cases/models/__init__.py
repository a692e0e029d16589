from cases.models.batch import Batch
from cases.models.case import Case, CaseCounter
from cases.models.deadline import Deadline
from cases.models.decision import Decision, Waiver
from cases.models.finding import CheckRun
from cases.models.material import Material

__all__ = ["Batch", "Case", "CaseCounter", "CheckRun", "Deadline", "Decision", "Material", "Waiver"]
