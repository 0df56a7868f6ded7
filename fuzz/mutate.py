"""Blind changes of bytes, for where nothing guides them."""

import random

LONGEST = 60_000


def mutate(seeds: list[bytes], rng: random.Random) -> bytes:
    """A seed with some blind changes."""
    data = bytearray(rng.choice(seeds))
    for _ in range(rng.choice((1, 1, 2, 4, 16))):
        _change(data, rng, seeds)
    return bytes(data[:LONGEST])


def _change(data: bytearray, rng: random.Random, seeds: list[bytes]) -> None:
    at = rng.randrange(len(data) + 1)
    to = min(len(data), at + rng.choice((1, 2, 8, 64)))
    match rng.randrange(5):
        case 0:
            del data[at:to]
        case 1:
            data[at:at] = data[at:to]
        case 2:
            data[at:to] = rng.randbytes(to - at)
        case 3:
            other = rng.choice(seeds)
            start = rng.randrange(len(other) + 1)
            data[at:to] = other[start : start + rng.choice((1, 4, 16, 64))]
        case _:
            data[at:at] = rng.choice((b'"', b"{", b"]", b":", b"\n  ", b"\x00", b"\xff", b"1e999", b"NaN", b"9" * 30))
