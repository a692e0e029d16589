from cases.models.batch import Batch
from cases.models.case import Case, CaseCounter
from cases.models.deadline import Deadline
from cases.models.deadline_change import DeadlineChange
from cases.models.decision import Decision, Waiver
from cases.models.desk_morning import DeskMorning
from cases.models.finding import CheckRun
from cases.models.ground import GroundFile, GroundFound
from cases.models.material import Material
from cases.models.sweep_run import SweepRun

__all__ = [
    "Batch",
    "Case",
    "CaseCounter",
    "CheckRun",
    "Deadline",
    "DeadlineChange",
    "Decision",
    "DeskMorning",
    "GroundFile",
    "GroundFound",
    "Material",
    "SweepRun",
    "Waiver",
]
