from clearance.models.answer import Answer, AnswerFile
from clearance.models.followup import Followup
from clearance.models.measure import Measure
from clearance.models.order import RectificationOrder
from clearance.models.service import Service

__all__ = ["Answer", "AnswerFile", "Followup", "Measure", "RectificationOrder", "Service"]
