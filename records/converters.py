"""Numbers in addresses."""


class Number:
    """A whole number that every database column can hold; a longer one is an address that leads nowhere."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
