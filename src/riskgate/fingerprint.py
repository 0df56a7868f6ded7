"""The id of a risk or gap: the same rule at the same address has the same id in every report."""

from collections.abc import Iterable
from hashlib import blake2b


def fingerprint(rule: str, address: str) -> str:
    """16 hexadecimal digits over the rule id and the address of the entity (or group)."""
    return blake2b(f"{rule}\0{address}".encode(errors="surrogatepass"), digest_size=8).hexdigest()


def fingerprints(rule: str, addresses: Iterable[str]) -> list[str]:
    """`fingerprint` for many addresses of one rule, in two thirds of the time."""
    start = blake2b(f"{rule}\0".encode(errors="surrogatepass"), digest_size=8)
    found: list[str] = []
    for address in addresses:
        state = start.copy()
        state.update(address.encode(errors="surrogatepass"))
        found.append(state.hexdigest())
    return found
