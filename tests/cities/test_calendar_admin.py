import pytest
from django.forms import ModelForm, modelform_factory

from cities.admin.calendar import CalendarDayForm, SourcedForm
from cities.calendar.loading import SEED_SOURCE
from cities.models import CalendarDay, CalendarYear

DayForm = modelform_factory(CalendarDay, CalendarDayForm, fields=["date", "is_workday", "name", "source"])
YearForm = modelform_factory(CalendarYear, SourcedForm, fields=["year", "status", "source"])

pytestmark = pytest.mark.usefixtures("calendar")


def day_form(**changes: str) -> ModelForm:
    day = CalendarDay.objects.get(date="2026-09-25")
    facts = {"date": "2026-09-25", "is_workday": "", "name": day.name, "source": day.source}
    return DayForm({**facts, **changes}, instance=day)


def test_day_that_staff_correct_needs_its_own_source():
    assert day_form(is_workday="on").errors == {
        "source": ["改动的内容不再出自原来的来源：写明依据的文号或文件"]
    }
    assert day_form(is_workday="on", source="市府办通知").is_valid()


def test_day_that_nobody_changed_keeps_its_source():
    assert (day_form().is_valid(), day_form().instance.source) == (True, SEED_SOURCE)


def test_day_of_a_year_that_is_not_loaded_is_refused():
    form = DayForm({"date": "2027-01-04", "is_workday": "", "name": "元旦", "source": "市府办通知"})
    assert form.errors == {"date": ["2027 年的上班日历还没有载入：先载入这一年"]}


def test_year_that_staff_correct_needs_its_own_source():
    year = CalendarYear.objects.get(year=2026)
    form = YearForm({"year": 2026, "status": "provisional", "source": year.source}, instance=year)
    assert list(form.errors) == ["source"]
