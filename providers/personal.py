"""Nobody's data is held here: what stands in a public registry is an organisation's."""

from records.personal import holdings

UNITS = "an organisation or its product, as it is published"
OPERATION = ("partner_name", "leaving_name", "item_name")


def register() -> None:
    for model in ("Organisation", "OrganisationProfile", "CatalogueVersion"):
        holdings.declare_impersonal(f"providers.{model}", ["name"], UNITS)
    holdings.declare_impersonal("providers.Removal", ["case_number"], "the number of a case or a document")
