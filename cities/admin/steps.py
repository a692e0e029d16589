"""The steps in a rulebook's life that staff take, each on a page of its own: when it fits, what is asked, what it does."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms

from cities.admin.forms import AdoptForm, CopyForm, DiscardForm, PublishForm, ReplaceForm
from cities.models import Rulebook
from cities.permissions import CONFIRM_RULES, EDIT_RULES
from cities.rulebooks import adopting, copying, editing, publishing
from records.words import full_day

Standing = Rulebook.Standing


@dataclass(frozen=True)
class Done:
    """What to tell, and the rulebook to go on with; None leads back to the list."""

    message: str
    rulebook: Rulebook | None = None


class Step(ABC):
    key: str
    label: str
    lede: str
    standing: str
    form: type[forms.Form]
    permission: str = EDIT_RULES
    css: str = ""
    shows_changes = False  # whether its page shows what differs from the version before

    def fits(self, rulebook: Rulebook) -> bool:
        return rulebook.standing == self.standing

    def initial(self, rulebook: Rulebook) -> dict[str, Any]:
        return {}

    def asked(self, rulebook: Rulebook, *args: Any, **kwargs: Any) -> forms.Form:
        return self.form(*args, **kwargs)

    def in_the_way(self, rulebook: Rulebook, user: Any, at: datetime) -> list[str]:
        """What can be said to be missing before anything is filled in."""
        return []

    @abstractmethod
    def take(self, rulebook: Rulebook, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        """Do it. Raises Refused."""


class Copy(Step):
    key, label, form, standing = "copy", "复制为草稿", CopyForm, Standing.PUBLISHED
    lede = "复制一份作为下一版的草稿，逐行改好，再由另一位发布。现在的版本照常有效。"

    def in_the_way(self, rulebook: Rulebook, user: Any, at: datetime) -> list[str]:
        return copying.why_not_copy(rulebook)

    def take(self, rulebook: Rulebook, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        draft = copying.copy_to_draft(rulebook, **cleaned, by=by, at=at)
        return Done(f"已复制为{draft}草稿。改好以后由另一位发布。", draft)


class Adopt(Step):
    key, label, form, standing = "adopt", "采纳征求意见稿", AdoptForm, Standing.CONSULTATION
    lede = (
        "征求意见稿没有效力。采纳就是照它另立一版草稿，按正式文本改好，再由另一位发布；征求意见稿留作存档。"
    )

    def in_the_way(self, rulebook: Rulebook, user: Any, at: datetime) -> list[str]:
        return copying.why_not_copy(rulebook)

    def take(self, rulebook: Rulebook, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        change = Rulebook.Change.ADOPTION
        draft = copying.copy_to_draft(rulebook, change=change, **cleaned, by=by, at=at)
        return Done(
            f"已照征求意见稿立{draft}草稿。名称里的“征求意见稿”已去掉；条文和理解按正式文本改好，再由另一位发布。",
            draft,
        )


class Replace(Step):
    key, label, form, standing = "replace", "用文件替换草稿", ReplaceForm, Standing.DRAFT
    lede = "草稿的文本和所有行都按文件重写。文件里的错误一次全部指出，有错就什么都不改。"

    def take(self, rulebook: Rulebook, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        file = cleaned["file"]
        result = editing.replace(rulebook, file.read(), file.name, by=by, at=at)
        return Done(str(result), result.rulebook)


class Discard(Step):
    key, label, form, standing = "discard", "放弃草稿", DiscardForm, Standing.DRAFT
    lede = "草稿和它的行都删去，不能恢复；每一行改过什么仍有记录。"
    css = "is-warn"

    def take(self, rulebook: Rulebook, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        editing.discard(rulebook, reason=cleaned["reason"], by=by, at=at)
        return Done(f"已放弃{rulebook}草稿。")


class Publish(Step):
    key, label, form, standing = "publish", "发布", PublishForm, Standing.DRAFT
    lede = "发布以后不能再改，只能登记失效。起草或改过它的人不能发布。"
    permission = CONFIRM_RULES
    shows_changes = True

    def initial(self, rulebook: Rulebook) -> dict[str, Any]:
        return {"effective_from": rulebook.effective_from}

    def asked(self, rulebook: Rulebook, *args: Any, **kwargs: Any) -> forms.Form:
        return PublishForm(*args, again=adopting.to_read_again(rulebook), **kwargs)

    def in_the_way(self, rulebook: Rulebook, user: Any, at: datetime) -> list[str]:
        return publishing.why_not_publish(rulebook, by=user, at=at)

    def take(self, rulebook: Rulebook, cleaned: dict[str, Any], *, by: Any, at: datetime) -> Done:
        begins = cleaned["effective_from"]
        published = publishing.publish(rulebook, effective_from=begins, by=by, at=at)
        return Done(f"已发布{published}，{full_day(begins)} 起施行。", published)


STEPS: tuple[Step, ...] = (Publish(), Copy(), Adopt(), Replace(), Discard())
