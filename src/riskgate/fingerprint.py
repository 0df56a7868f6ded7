"""The id of a risk or gap: the same rule at the same address has the same id in every report."""

from hashlib import blake2b


def fingerprint(rule: str, address: str) -> str:
    """16 hexadecimal digits over the rule id and the address of the entity (or group)."""
    return blake2b(f"{rule}\0{address}".encode(errors="surrogatepass"), digest_size=8).hexdigest()
