from publicity.models.objection import Objection, ObjectionAct, ObjectionFile
from publicity.models.period import PublicityItem, PublicityPeriod

__all__ = ["Objection", "ObjectionAct", "ObjectionFile", "PublicityItem", "PublicityPeriod"]
