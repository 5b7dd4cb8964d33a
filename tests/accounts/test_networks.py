"""What counts as one network."""

import pytest
from django.test import RequestFactory

from consular.accounts.networks import network_of, wide_network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("", "unknown"),
        ("nonsense", "unknown"),
        ("203.0.113.9\0", "unknown"),
    ],
)
def test_an_address_belongs_to_a_network(address, network):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network


def test_outside_production_nobody_chooses_the_network_by_a_header():
    request = RequestFactory().get(
        "/", REMOTE_ADDR="203.0.113.9", headers={"X-Forwarded-For": "198.51.100.1"}
    )

    assert network_of(request) == "203.0.113.9"


def test_in_production_only_the_entry_of_the_proxy_counts(settings):
    settings.PRODUCTION = True
    forged = {"X-Forwarded-For": "192.0.2.77, 198.51.100.1"}
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.2", headers=forged)

    assert network_of(request) == "198.51.100.1"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"),
        ("::ffff:203.0.113.9", "203.0.113.0/24"),
        ("nonsense", "unknown"),
    ],
)
def test_what_one_customer_can_have_is_one_wide_network(address, network):
    assert wide_network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network
