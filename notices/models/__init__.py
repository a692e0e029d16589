from notices.models.issuer import Issuer, NumberSeries
from notices.models.notice import Notice, NoticeLink
from notices.models.template import NoticeTemplate

__all__ = ["Issuer", "Notice", "NoticeLink", "NoticeTemplate", "NumberSeries"]
