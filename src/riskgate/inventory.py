"""Which entities a snapshot has, in a few bytes each: enough to tell later whether one is still there.

A report names the entities at which something was found. Whether a risk that is no longer in the next report was
mended, or its entity was taken out of the snapshot, only a list of all entities can tell. Their addresses would be
larger than the rest of the report, so each is kept as a mark of 40 bits: among 100,000 entities, one that is gone is
taken for present once in ten million times.

The mark of an entity is reckoned from that of its parent and the last step of its address, so that nobody need make
tens of thousands of addresses. Entities without an id, and those below them, have no lasting name and are left out.
"""

from array import array
from base64 import b64decode, b64encode
from binascii import Error
from collections.abc import Callable, Iterable
from functools import cached_property
from hashlib import blake2b
from sys import byteorder

from riskgate.address import NAMELESS, ROOT

ROOT_MARK = 0
SIZE = 5
"""Bytes of a mark."""
MASK = (1 << 8 * SIZE) - 1
FACTOR = 0x1E3779B1
"""Odd, so that different parents stay different. One digit of a Python integer, so that the product is quick."""
_WIDE = 8


def is_lasting(address: str) -> bool:
    """Whether the address names the same entity in every snapshot: no step of it is a place in a list (`[#3]`)."""
    return NAMELESS not in address


def mark_of_step(step: str) -> int:
    """What the last step of an address (`rooms[K1]`) adds to the mark of the entity above it."""
    return int.from_bytes(blake2b(step.encode(errors="surrogatepass"), digest_size=SIZE).digest())


def below(mark: int) -> int:
    """What the mark of an entity gives to those directly below it: each is this, XOR what its own step adds."""
    return mark * FACTOR & MASK


def mark_of(address: str) -> int:
    """The mark of one entity, by its address."""
    mark = ROOT_MARK
    for step in () if address == ROOT else address.split("/"):
        mark = below(mark) ^ mark_of_step(step)
    return mark


class Inventory:
    """The entities of one snapshot: `address in inventory`, `len(inventory)`."""

    def __init__(self, packed: bytes | Callable[[], bytes] = b"") -> None:
        self._packed = packed

    @classmethod
    def of(cls, marks: Callable[[], Iterable[int]]) -> "Inventory":
        """The inventory of these marks, which are asked for when somebody needs them."""
        return cls(lambda: _pack(marks()))

    @classmethod
    def of_addresses(cls, addresses: Iterable[str]) -> "Inventory":
        return cls(_pack(mark_of(address) for address in addresses if address != ROOT and is_lasting(address)))

    @classmethod
    def from_text(cls, text: str) -> "Inventory":
        """What `text` gave. Raises ValueError for anything else."""
        try:
            packed = b64decode(text, validate=True)
        except Error as error:
            raise ValueError(str(error)) from error
        if len(packed) % SIZE or _pack(_unpack(packed)) != packed or b64encode(packed).decode("ascii") != text:
            raise ValueError("not a list of marks in ascending order")
        return cls(packed)

    @cached_property
    def packed(self) -> bytes:
        """The marks in ascending order, five bytes each, the most significant byte first."""
        return self._packed() if callable(self._packed) else self._packed

    @cached_property
    def _marks(self) -> frozenset[int]:
        return frozenset(_unpack(self.packed))

    @property
    def text(self) -> str:
        """The marks as base64."""
        return b64encode(self.packed).decode("ascii")

    def __len__(self) -> int:
        return len(self.packed) // SIZE

    def __contains__(self, address: str) -> bool:
        return address == ROOT or mark_of(address) in self._marks

    def __eq__(self, other: object) -> bool:
        return self.packed == other.packed if isinstance(other, Inventory) else NotImplemented

    def __hash__(self) -> int:
        return hash(self.packed)

    def __repr__(self) -> str:
        return f"Inventory of {len(self)} entities"


def _pack(marks: Iterable[int]) -> bytes:
    """Many marks in a fraction of the time of `int.to_bytes`: as 64 bits, of which the last five bytes are kept."""
    wide = array("Q", sorted(marks))
    if byteorder == "little":
        wide.byteswap()
    held = wide.tobytes()
    packed = bytearray(SIZE * len(wide))
    for place in range(SIZE):
        packed[place::SIZE] = held[_WIDE - SIZE + place :: _WIDE]
    return bytes(packed)


def _unpack(packed: bytes) -> list[int]:
    return [int.from_bytes(packed[at : at + SIZE]) for at in range(0, len(packed), SIZE)]
