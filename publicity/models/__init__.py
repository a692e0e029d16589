from publicity.models.objection import Objection, ObjectionAct, ObjectionFile
from publicity.models.opening import Opening
from publicity.models.period import PublicityItem, PublicityPeriod

__all__ = ["Objection", "ObjectionAct", "ObjectionFile", "Opening", "PublicityItem", "PublicityPeriod"]
