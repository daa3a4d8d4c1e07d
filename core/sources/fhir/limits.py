"""This is the place where it stands how much of a foreign file is read before it is refused."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes are unpacked bytes unless said otherwise.

    `total_bytes` holds for all files of a package together; `ratio` (unpacked : packed) counts once more than `ratio_from`
    bytes came out of one packed file; documents up to `whole_bytes` are read in one piece, longer ones are streamed;
    the entries of packages up to `kept_bytes` are kept between looking over and reading;
    `entry_bytes` and `entry_nodes` (commas and brackets) bound one record; `nested` is how deep a Bundle may stand in
    Bundles; `members` bounds the files in a zip.
    """

    total_bytes: int = 1_000_000_000
    ratio: int = 400
    ratio_from: int = 32_000_000
    whole_bytes: int = 12_000_000
    kept_bytes: int = 12_000_000
    entry_bytes: int = 32_000_000
    entry_nodes: int = 1_500_000
    nested: int = 4
    members: int = 20_000
    text_chars: int = 4_000
    narrative_chars: int = 100_000
