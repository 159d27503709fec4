"""Which addresses lie on the public internet: every range named, at both of its ends, in every form it can be put."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.networks import public

INSIDE = [
    ("0.0.0.0", "0.255.255.255"),  # noqa: S104
    ("10.0.0.0", "10.255.255.255"),
    ("100.64.0.0", "100.127.255.255"),
    ("127.0.0.0", "127.255.255.255"),
    ("169.254.0.0", "169.254.255.255"),
    ("172.16.0.0", "172.31.255.255"),
    ("192.0.0.0", "192.0.0.255"),
    ("192.0.2.0", "192.0.2.255"),
    ("192.88.99.0", "192.88.99.255"),
    ("192.168.0.0", "192.168.255.255"),
    ("198.18.0.0", "198.19.255.255"),
    ("198.51.100.0", "198.51.100.255"),
    ("203.0.113.0", "203.0.113.255"),
    ("224.0.0.0", "239.255.255.255"),
    ("240.0.0.0", "255.255.255.255"),
    ("::", "64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("64:ff9b:0:0:0:1::", "1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001::", "2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2001:db8::", "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("2002::", "2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("3fff::", "3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ("4000::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
]
OUTSIDE = ["1.1.1.1", "100.63.255.255", "100.128.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "198.17.255.255",
           "198.20.0.0", "223.255.255.255", "2001:200::", "2001:db7::1", "2001:db9::", "2003::", "2606:4700::1111",
           "3ffe::", "3fff:1000::"]  # fmt: skip
four = st.integers(0, 2**32 - 1).map(IPv4Address)


@pytest.mark.parametrize("end", [end for ends in INSIDE for end in ends])
def test_an_address_of_a_named_range_is_inside(end: str) -> None:
    assert public(end) is False


@pytest.mark.parametrize("address", OUTSIDE)
def test_its_neighbours_are_outside(address: str) -> None:
    assert public(address) is True


@given(four)
def test_an_address_within_another_is_judged_as_itself(address: IPv4Address) -> None:
    forms = [f"::ffff:{address}", f"64:ff9b::{address}", str(IPv6Address((0xFFFF << 32) + int(address)))]
    assert {public(form) for form in forms} == {public(str(address))}


@given(four | st.integers(0, 2**128 - 1).map(IPv6Address))
def test_what_is_called_public_is_global_and_not_multicast(address: IPv4Address | IPv6Address) -> None:
    held = getattr(address, "ipv4_mapped", None) or address
    if public(str(address)) and not str(address).startswith("64:ff9b::"):
        assert held.is_global
        assert not held.is_multicast


@given(four)
def test_a_zone_is_never_outside(address: IPv4Address) -> None:
    assert public("2606:4700::1111%eth0") is False
    assert public(f"2606:4700::{address}") is public(str(ip_address(f"2606:4700::{address}")))


@pytest.mark.parametrize("text", ["", "example.org", "0177.0.0.1", "0x7f.1", "2130706433", "127.1", "[::1]"])
def test_what_is_no_plain_address_is_not_public(text: str) -> None:
    assert public(text) is False
