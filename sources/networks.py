"""Which network addresses lie on the public internet: a list of our own, pure. What a runtime calls global has changed
between its releases.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

INSIDE_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # behind a carrier's translation
        "127.0.0.0/8",
        "169.254.0.0/16",  # this link, and where clouds answer with their keys
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays to IPv6
        "192.168.0.0/16",
        "198.18.0.0/15",  # measurements
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
OUTSIDE_6 = IPv6Network("2000::/3")
INSIDE_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, tunnels
        "2001:db8::/32",  # documentation
        "2002::/16",  # holds an IPv4 address to be relayed to
        "3fff::/20",  # documentation
    )
)
HOLD_4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # mapped, and translated by the network


def public(text: str) -> bool:
    """Whether `text` is an address outside every network that is anybody's inside."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    if isinstance(address, IPv6Address):
        if not any(address in network for network in HOLD_4):
            # A zone names an interface of this machine.
            inside = any(address in network for network in INSIDE_6)
            return address.scope_id is None and address in OUTSIDE_6 and not inside
        address = IPv4Address(int(address) & 0xFFFFFFFF)
    return not any(address in network for network in INSIDE_4)
