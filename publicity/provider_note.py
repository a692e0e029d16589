"""What a provider's pages say of a case while it stands in publicity."""

from django.urls import reverse

from cases.models import Case, Deadline
from publicity.stage import showing


class ProviderNote:
    """Never who objected nor to what: the page is the one of the party complained of."""

    def words(self, case: Case, deadline: Deadline | None) -> str:
        is_held = deadline is not None and deadline.state == Deadline.State.HELD
        return "收到异议，正在核实，核实前不往下办" if is_held else ""

    def link(self, case: Case) -> tuple[str, str] | None:
        item = showing(case)
        return (reverse("period", args=[item.period_id]), f"看公示 {item.period}") if item else None
