"""What a machine-readable zone says."""

from dataclasses import dataclass

from consular.travel import states


@dataclass(frozen=True)
class Fields:
    """The fields of a zone, fillers taken off; a filler between characters is a space.

    Names are in capitals A to Z; dates ISO 8601, of birth also partial ("1974-08", "1974", ""); states as the zone
    has them (`issuing_country` and `nationality_country` are the product's codes); `sex` is F, M or X (not said).
    """

    format: str
    document_code: str
    issuing_state: str
    surname: str
    given_names: str
    document_number: str
    nationality: str
    birth_date: str
    sex: str
    expiry_date: str
    optional_data: str = ""
    optional_data_2: str = ""

    @property
    def issuing_country(self) -> str:
        """ISO 3166-1 alpha-3, "" for organisations and unknown codes."""
        return states.iso(self.issuing_state)

    @property
    def nationality_country(self) -> str:
        """ISO 3166-1 alpha-3 or XXA, XXB, XXC, XXX; "" for organisations and unknown codes."""
        return states.iso(self.nationality)
