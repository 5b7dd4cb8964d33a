"""What the samples of letters say: which service they are about, what officers entered, what was decided."""

from collections.abc import Mapping
from typing import Any

SERVICES: Mapping[str, str] = {
    "L04.hearing": "annulment",
    "L05.passport": "passport",
    "L09": "national_visa",
    "L14.ready": "passport",
    "L14.reminder": "identity_card",
    "L14.loss": "passport",
    "L15": "passport",
    "L15.travel_document": "emergency_travel_document",
}
"""The service of each letter; all others are about Schengen visas."""

ANSWERS: Mapping[str, Any] = {
    "birth_date": "1990-04-12",
    "nationality": "GHA",
    "doc_number": "G1234567",
    "email": "applicant@example.org",
    "phone": "+91 22 5550 1234",
    "purposes": ["tourism"],
    "main_destination": "DEU",
    "entries": "multiple",
    "document": "EPASS",
}
"""The same answers for everybody, as far as a form asks for them."""

SUBJECT = "Nobody answered my letter of last week."
REASONS = "Die Akte wird noch benötigt; der Name wurde berichtigt."
ASKED = "Bitte senden Sie uns Ihren Arbeitsvertrag und den Nachweis der Unterkunft."

ENTERED: Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]] = {
    "L04": (("precheck", {"request": ASKED}),),
    "L04.reminder": (("precheck", {"request": ASKED}),),
    "L04.hearing": (
        (
            "grounds",
            {
                "kind": "annul",
                "grounds": ["1", "10"],
                "visa_number": "D1234567",
                "facts": "Der Vermerk ist falsch.",
            },
        ),
    ),
    "L05": (("admissibility", {"state": "FRA"}),),
    "L05.passport": (("check", {"competent_authority": "Stadt Musterstadt"}),),
    "L06": (("admissibility", {"missing": ["fee", "biometrics"]}),),
    "L07": (("lodging", {"fee": "paid"}), ("extension", {"extension_category": "consultation"})),
    "L14.loss": (
        (
            "loss",
            {
                "lost_document": "EPASS",
                "lost_number": "C01X00T47",
                "lost_on": "2026-03-30",
                "lost_at": "Station",
            },
        ),
    ),
}
"""What officers entered at the tasks that a letter is made from: form and entries."""

_REFUSED: Mapping[str, Any] = {
    "outcome": "refused",
    "facts": "Sie haben einen Kontoauszug ohne Guthaben vorgelegt.",
    "reasons": "Der Lebensunterhalt ist nicht gesichert.",
}
DECIDED: Mapping[str, Mapping[str, Any]] = {
    "L08": {
        "outcome": "refused",
        "content": "annex_vi",
        "grounds": [2, 11],
        "statement": "The hotel does not know the booking.",
    },
    "L09": {**_REFUSED, "content": "national", "grounds": [1, 8]},
    "L10": {"outcome": "granted", "content": "visa", "visa_type": "C", "entries": "1", "days": 11},
    "L15": {**_REFUSED, "content": "passport", "grounds": [2]},
    "L15.travel_document": {**_REFUSED, "content": "passport", "grounds": [2]},
}
"""What was decided, by the letter that says it; days of validity are added."""
