"""Which addresses of the network the server may be sent to by a client: public ones alone."""

import re
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from impasto.errors import UsageError

LONGEST = 2048  # characters
HTTPS_PORT = 443
Address = IPv4Address | IPv6Address

# Lists of IANA, spelled out: what the standard library calls global differs by its version.
NOT_PUBLIC = [
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # carriers' own (CGNAT)
        "127.0.0.0/8",  # this machine
        "168.63.129.16/32",  # Azure's machine agent, on an address that looks public
        "169.254.0.0/16",  # link-local, and the metadata of clouds
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocols' own
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
# Everything outside is refused: loopback, link-local, unique local, multicast, IPv4 mapped,
# compatible or translated, NAT64.
PUBLIC_V6 = IPv6Network("2000::/3")
NOT_PUBLIC_V6 = [
    IPv6Network(text)
    for text in (
        "2001::/23",  # protocols' own, among them Teredo and ORCHID
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4: holds an IPv4 address
        "3fff::/20",  # documentation
    )
]
ISATAP = (0x00005EFE, 0x02005EFE)  # before an IPv4 address in the lower half

_NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))*\.[a-z][a-z0-9-]*")
_URL = re.compile(
    r"https://(?P<host>[a-z0-9.-]{1,253}|\[[0-9a-f:.]{2,45}\])(:(?P<port>\d{1,5}))?"
    r"(?P<target>(/[a-z0-9._~!$&'()*+,;=:@%/-]*)?(\?[a-z0-9._~!$&'()*+,;=:@%/?-]*)?)(#.*)?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Url:
    """An https address, taken apart once; all that follows uses these parts."""

    host: str  # a name in lower case, or an address without brackets
    port: int
    target: str  # path and query, as they are sent

    @property
    def authority(self) -> str:
        """What the header Host says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == HTTPS_PORT else f"{host}:{self.port}"

    def joined(self, location: str) -> "Url":
        """Return where a redirect leads: a whole address, or a path on the same server."""
        if location.startswith("/") and not location.startswith("//"):
            location = f"https://{self.authority}{location}"
        return parse(location)


def parse(text: str) -> Url:
    """Return the parts of an https address of plain characters; anything doubtful is refused.

    Raises UsageError.

    >>> parse("https://Example.org/a.jpg?size=2#top")
    Url(host='example.org', port=443, target='/a.jpg?size=2')
    """
    found = _URL.fullmatch(text) if len(text) <= LONGEST else None
    host, port = (found["host"].lower(), int(found["port"] or HTTPS_PORT)) if found else ("", 0)
    # Other ports below belong to services that should not hear from this server.
    if found is None or not _is_host(host) or (port != HTTPS_PORT and not 1024 <= port <= 65535):
        raise UsageError(
            "This is no address to fetch from. Give https://HOST/PATH in plain ASCII, without "
            "user names, on port 443 or one above 1023."
        )
    target = found["target"]
    return Url(host.strip("[]"), port, target if target.startswith("/") else f"/{target}")


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the open internet, and holds no other address.

    >>> is_public(ip_address("93.184.216.34")), is_public(ip_address("169.254.169.254"))
    (True, False)
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in NOT_PUBLIC)
    return (
        address in PUBLIC_V6
        and address.scope_id is None
        and not any(address in network for network in NOT_PUBLIC_V6)
        and (int(address) >> 32) & 0xFFFFFFFF not in ISATAP
    )


def _is_host(host: str) -> bool:
    if _NAME.fullmatch(host):
        return True
    try:
        ip_address(host.strip("[]"))
    except ValueError:
        return False  # also one that systems read as a number, such as 0x7f.1
    return True
