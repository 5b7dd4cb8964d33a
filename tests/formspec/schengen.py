"""A Schengen application in which nothing is missing in spring 2026, and a way to move it to any day."""

from datetime import date, timedelta
from types import MappingProxyType

ANSWERS = MappingProxyType(
    {
        "surname": "Sharma",
        "given_names": "Anjali",
        "birth_date": "1990-02-01",
        "birth_place": "Pune",
        "birth_country": "IND",
        "nationality": "IND",
        "has_other_nationalities": False,
        "sex": "female",
        "civil_status": "single",
        "doc_type": "ordinary",
        "doc_number": "Z1234567",
        "doc_issue_date": "2020-01-15",
        "doc_valid_until": "2030-01-14",
        "doc_issued_by": "IND",
        "residence_country": "IND",
        "residence_area": "IN-MH",
        "home_address": {"lines": "12 Hill Road", "postal_code": "411001", "place": "Pune", "country": "IND"},
        "email": "anjali@example.org",
        "phone": "+91 20 2612 3456",
        "purposes": ["tourism"],
        "main_destination": "DEU",
        "has_other_destinations": False,
        "first_entry": "DEU",
        "entries": "single",
        "arrival_date": "2026-05-01",
        "departure_date": "2026-05-10",
        "eu_family": False,
        "occupation": "none",
        "fingerprints_before": False,
        "staying": ["accommodation"],
        "accommodations": [
            {
                "accommodation_name": "Example Hotel",
                "accommodation_state": "DEU",
                "accommodation_address": {
                    "lines": "1 Example Square",
                    "postal_code": "10115",
                    "place": "Berlin",
                    "country": "DEU",
                },
            }
        ],
        "costs": ["self"],
        "self_means": ["cash", "credit_card"],
        "filled_by_other": False,
    }
)


def answers(today: date, **changes: object) -> dict[str, object]:
    """The same with a journey in two months and a young passport, seen from `today`."""
    return {
        **ANSWERS,
        "doc_issue_date": str(today - timedelta(days=400)),
        "doc_valid_until": str(today + timedelta(days=2000)),
        "arrival_date": str(today + timedelta(days=60)),
        "departure_date": str(today + timedelta(days=70)),
        **changes,
    }
