"""Nobody's data is held here: documents are from offices to units, and the gate keeps persons out of their words."""

from records.personal import holdings


def register() -> None:
    holdings.declare_impersonal("notices.Issuer", ["name"], "an office that signs")
    for model in ("NoticeTemplate", "Notice"):
        holdings.declare_impersonal(
            f"notices.{model}", ["addressees"], "the units that a document is sent to"
        )
