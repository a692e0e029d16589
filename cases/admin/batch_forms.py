"""What staff fill in about batches."""

from datetime import date
from typing import Any

from django import forms

from cases.batch_queries import STATES
from cases.batches import Window
from cases.errors import Refused
from cities import windows
from cities.models import Procedure, Programme
from records.fields import DATE_INVALID, LongText, date_input

MOST_LABEL = 60
LABEL_ERRORS = {"max_length": f"名称最多 {MOST_LABEL} 个字，现在有 %(show_value)d 个"}


class BatchFilter(forms.Form):
    """Every part may be left out."""

    q = forms.CharField(label="批次编号、名称", required=False, max_length=80)
    programme = forms.ChoiceField(label="项目", required=False)
    state = forms.ChoiceField(label="进度", required=False, choices=[("", "全部"), *STATES.items()])

    def __init__(self, data: Any, programmes: list[Programme]) -> None:
        super().__init__(data, auto_id="filter-%s")
        choice = self.fields["programme"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [("", "全部项目"), *((one.slug, str(one)) for one in programmes)]
        for one in self.fields.values():
            one.error_messages["invalid_choice"] = "没有“%(value)s”这一项，已显示全部。在下面重新选"

    def chosen(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "")


class ProcedureChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.rulebook.programme}　{obj}"


class NewBatchForm(forms.Form):
    """A batch of one procedure; with a window it gathers at once what came in on those days."""

    procedure = ProcedureChoice(
        label="收哪个程序的事项",
        queryset=None,
        empty_label="选一项",
        error_messages={"required": "选一项", "invalid_choice": "选列出的一项"},
    )
    label = forms.CharField(
        label="名称",
        required=False,
        max_length=MOST_LABEL,
        help_text="如“2026 年下半年变更审核”",
        error_messages=LABEL_ERRORS,
    )
    window_from = forms.DateField(
        label="收件自",
        required=False,
        widget=date_input(),
        help_text="写了收件期，这些天收到、还没有公示、不在别的批次的事项都收进来。网上的按提交日，纸质的按收到日。不写的，规则有收件期就按规则，没有就逐件加入",
        error_messages={"invalid": DATE_INVALID},
    )
    window_to = forms.DateField(
        label="收件至", required=False, widget=date_input(), error_messages={"invalid": DATE_INVALID}
    )

    def __init__(self, *args: Any, procedures: list[Procedure], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choice = self.fields["procedure"]
        assert isinstance(choice, forms.ModelChoiceField)
        rows = Procedure.objects.filter(pk__in=[one.pk for one in procedures])
        choice.queryset = rows.select_related("rulebook__programme__city")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first, last = cleaned.get("window_from"), cleaned.get("window_to")
        cleaned["window"] = None if first or last else self._of_the_rules(cleaned.get("procedure"))
        cleaned["by_rule"] = cleaned["window"] is not None
        if first and last:
            try:
                cleaned["window"] = Window(first, last)
            except Refused as refusal:
                self.add_error("window_to", refusal.problems[0].message)
        elif bool(first) != bool(last) and not {"window_from", "window_to"} & self.errors.keys():
            self.add_error("window_to" if first else "window_from", "收件期的两头都要写，或者都不写")
        return cleaned

    def _of_the_rules(self, procedure: Procedure | None) -> Window | None:
        """The window that the procedure's row writes, where no other is typed."""
        days = windows.latest(procedure, self.today) if procedure else None
        return Window(*days) if days else None


class PartForm(forms.Form):
    """Why some cases leave a batch, and what the new one is called."""

    reason = LongText(
        label="移出或分出的原因",
        rows=2,
        required=False,
        max_length=300,
        help_text="记入每件的经过，单位看得到",
        error_messages={"max_length": "最多 %(limit_value)d 个字，现在有 %(show_value)d 个"},
    )
    label = forms.CharField(
        label="新批次的名称", required=False, max_length=MOST_LABEL, error_messages=LABEL_ERRORS
    )

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="part-%s")
