"""Local money: the rate of the day, rounded up to what can be paid."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consular import fees
from consular.fees import Band, Fee, Rate
from consular.missions.models import ExchangeRate

DAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("euro", "per_euro", "step", "local"),
    [
        ("90", "78.6", "100", "7100"),
        ("45", "78.6", "100", "3600"),
        ("90", "1.18", "1", "107"),
        ("90", "1", "1", "90"),
        ("0", "78.6", "100", "0"),
        ("0.01", "78.6", "100", "100"),
        ("90", "0.443", "0.5", "40.0"),
    ],
)
def test_amounts_are_rounded_up_to_a_step(euro: str, per_euro: str, step: str, local: str) -> None:
    assert Rate("INR", Decimal(per_euro), Decimal(step), DAY).of(Decimal(euro)) == Decimal(local)


amounts = st.decimals("0", "1000", places=2)
rates = st.builds(
    Rate,
    st.just("INR"),
    st.decimals("0.1", "40000", places=4),
    st.sampled_from([Decimal("0.25"), Decimal(1), Decimal(500)]),
    st.just(DAY),
)


@given(amounts, rates)
def test_nobody_pays_too_little_or_a_whole_step_too_much(euro: Decimal, rate: Rate) -> None:
    exact, local = euro * rate.per_euro, rate.of(euro)

    assert exact <= local < exact + rate.step
    assert local % rate.step == 0


@pytest.mark.django_db
def test_the_latest_rate_that_has_begun_counts() -> None:
    for day, per_euro in ((date(2026, 1, 1), 100), (DAY, 110), (date(2026, 4, 1), 120)):
        ExchangeRate.objects.create(currency="INR", valid_from=day, per_euro=per_euro, step=100)

    found = [fees.rate("INR", day) for day in (date(2025, 12, 31), date(2026, 2, 28), DAY)]

    assert [each and (each.per_euro, each.since) for each in found] == [
        None,
        (Decimal(100), date(2026, 1, 1)),
        (Decimal(110), DAY),
    ]
    assert fees.rate("EUR", DAY) is None


def test_only_euro_are_changed_into_local_money() -> None:
    rate = Rate("INR", Decimal("78.6"), Decimal(100), DAY)
    bands = [Band(0, None, Fee(Decimal(90), currency, "r", "b", waived=False)) for currency in ("EUR", "USD")]

    euro, dollar = fees.prices(bands, rate)

    assert (euro.local_amount, euro.local_currency, euro.rate_of) == (Decimal(7100), "INR", DAY)
    assert (dollar.local_amount, dollar.local_currency, dollar.rate_of) == (None, None, None)
    assert fees.prices(bands, None)[0].local_amount is None
