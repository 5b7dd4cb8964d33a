"""The draw itself, as anybody can repeat it: from a published list and a round of drand to an order. Pure.

The list has tickets and nothing about people. Its hash, the commitment, is published with the number of a round that
lies ahead. When the round has come, everybody's lot is SHA-256 of its 32 bytes and the ticket; the lowest lot is first,
and people in hardship come before all others. `consular/static/check_draw.py` does the same in a few lines of its own.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from consular.appointments import beacon
from consular.appointments.beacon import BadRound, Chain

FORMAT = "consular-draw-1"


@dataclass(frozen=True)
class Listing:
    """What is published before: who takes part, how many win, and which round decides."""

    chain: str
    round: int
    winners: int
    hardship: tuple[str, ...]
    tickets: tuple[str, ...]

    def commitment(self) -> str:
        """The hash of all of it: with another list, round or number of winners it is another one."""
        head = [FORMAT, self.chain, str(self.round), str(self.winners)]
        lots = [f"hardship {one}" for one in self.hardship] + [f"ticket {one}" for one in self.tickets]
        return hashlib.sha256("".join(f"{line}\n" for line in head + lots).encode()).hexdigest()

    def order(self, randomness: bytes) -> list[str]:
        """All tickets in the order of the draw."""
        return _drawn(self.hardship, randomness) + _drawn(self.tickets, randomness)


def _drawn(tickets: Sequence[str], randomness: bytes) -> list[str]:
    return sorted(tickets, key=lambda ticket: hashlib.sha256(randomness + ticket.encode()).digest())


def problem(file: Mapping[str, Any]) -> str | None:
    """Why a published file is not right, the first thing that does not fit; None when all of it does."""
    try:
        return _problem(file)
    except BadRound as bad:
        return str(bad)
    except (KeyError, TypeError, ValueError, OverflowError, AttributeError):
        return "the file is not a draw as we publish it"


def listing(file: Mapping[str, Any]) -> Listing:
    """The list in a published file."""
    source = file["source"]
    return Listing(
        str(source["chain"]),
        int(source["round"]),
        int(file["winners"]),
        tuple(file["hardship"]),
        tuple(file["tickets"]),
    )


def chain_of(file: Mapping[str, Any]) -> Chain:
    """The chain that a published file names, which has to be one of those we know. Raises BadRound."""
    source = file["source"]
    chain = next((one for one in beacon.chains().values() if one.hash == source["chain"]), None)
    named = (source["public_key"], source["genesis"], source["period"])
    if chain is None or named != (chain.public_key, chain.genesis, chain.period):
        raise BadRound("the chain is not one of those that draws are made with")
    return chain


def _problem(file: Mapping[str, Any]) -> str | None:
    listed, chain = listing(file), chain_of(file)
    everybody = [*listed.hardship, *listed.tickets]
    if file["format"] != FORMAT:
        return "the file is of another format"
    if any(type(one) is not str for one in everybody) or len(set(everybody)) < len(everybody):
        return "a ticket is on the list twice, or is no text"
    if list(listed.hardship) != sorted(listed.hardship) or list(listed.tickets) != sorted(listed.tickets):
        return "the list is not sorted"
    if listed.commitment() != file["commitment"]:
        return "the list is not the one that was published: its hash is another one"
    if not datetime.fromisoformat(file["published_at"]) < chain.at(listed.round):
        return "the list was published after its round was known"
    if "signature" not in file:
        return "nothing was drawn yet" if "order" not in file else "an order without a round"
    if listed.order(beacon.randomness(chain, listed.round, file["signature"])) != file["order"]:
        return "the order is not the one that list and round give"
    return None
