"""Numbers in addresses."""

from django.core.signing import BadSignature, Signer


class Number:
    """A whole number that every database column can hold; a longer one is an address that leads nowhere."""

    regex = "[0-9]{1,9}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class Sealed:
    """A number of what is not public, with the site's signature: nobody comes from one address to the next by counting."""

    regex = r"[0-9]{1,9}\.[0-9A-Za-z_-]{43}"

    def to_python(self, value: str) -> int:
        try:
            return int(_signer().unsign(value))
        except BadSignature as forged:
            raise ValueError from forged

    def to_url(self, value: int) -> str:
        return _signer().sign(str(value))


def _signer() -> Signer:
    return Signer(sep=".", salt="records.address")
