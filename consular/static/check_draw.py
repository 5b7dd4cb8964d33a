"""Repeats a draw from its published file: python check_draw.py draw.json

Needs Python only. It checks the list against its hash and the order against list and round. It does not check that the
signature is that of the round: compare it with what drand publishes (https://api.drand.sh/CHAIN/public/ROUND, or
another operator), or run `consular draw verify`.
"""

import hashlib
import json
import sys


def lot(seed: bytes, ticket: str) -> bytes:
    """The lot of one ticket; the lowest is first."""
    return hashlib.sha256(seed + ticket.encode()).digest()


with open(sys.argv[1], encoding="utf-8") as file:
    draw = json.load(file)
lines = ["consular-draw-1", draw["source"]["chain"], str(draw["source"]["round"]), str(draw["winners"])]
lines += ["hardship " + ticket for ticket in draw["hardship"]] + [
    "ticket " + ticket for ticket in draw["tickets"]
]
if hashlib.sha256("".join(line + "\n" for line in lines).encode()).hexdigest() != draw["commitment"]:
    sys.exit("The list is not the one that was published.")
seed = hashlib.sha256(bytes.fromhex(draw["signature"])).digest()
order = [t for group in ("hardship", "tickets") for t in sorted(draw[group], key=lambda t: lot(seed, t))]
if order != draw["order"]:
    sys.exit("The order is not the one that list and round give.")
sys.stdout.write(f"List and order fit. Compare with drand: {draw['source']}, signature {draw['signature']}\n")
