from publicity.admin.objections import ObjectionAdmin
from publicity.admin.periods import PublicityPeriodAdmin

__all__ = ["ObjectionAdmin", "PublicityPeriodAdmin"]
