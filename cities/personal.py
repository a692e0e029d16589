"""Nobody's data is held here: places, offices and rules have names and telephones of their own."""

from records.personal import holdings


def register() -> None:
    for model in ("CalendarDay", "Category", "District", "Industry"):
        holdings.declare_impersonal(
            f"cities.{model}", ["name"], "what a day, a category or a place is called"
        )
    office = "how an office is reached; a person's number is refused in its form"
    holdings.declare_impersonal("cities.City", ["name", "phone", "address"], office)
    contacts = ["name", "objection_phone", "supervision_phone", "objection_address"]
    holdings.declare_impersonal("cities.Programme", contacts, office)
