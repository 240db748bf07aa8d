from ipaddress import ip_address

import pytest

from impasto.errors import UsageError
from impasto.serving.addresses import Url, is_public, parse

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.15.0.1",
          "172.32.0.1", "192.167.1.1", "223.255.255.255", "2606:4700:4700::1111", "2a00:1450::200e",
          "2001:4860:4860::8888", "2003::1"]  # fmt: skip
NOT_PUBLIC = {
    "this machine": ["127.0.0.1", "127.1.2.3", "127.255.255.254", "::1"],
    "nothing": ["0.0.0.0", "0.1.2.3", "::"],
    "private": ["10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    "carriers": ["100.64.0.1", "100.127.255.255", "100.100.100.200"],
    "link-local and metadata": ["169.254.0.1", "169.254.169.254", "169.254.170.2",
                                "168.63.129.16", "192.0.0.192", "fe80::1", "fe80::1%eth0"],
    "unique local": ["fc00::1", "fd00:ec2::254", "fdff::1", "fec0::1"],
    "multicast and broadcast": ["224.0.0.1", "239.255.255.250", "255.255.255.255", "ff02::1",
                                "ff0e::1"],
    "reserved": ["240.0.0.1", "250.1.2.3", "4000::1", "5f00::1", "100::1", "100:0:0:1::1"],
    "documentation and benchmarks": ["192.0.2.1", "198.51.100.7", "203.0.113.7", "198.18.0.1",
                                     "198.19.255.255", "2001:db8::1", "3fff::1", "2001:2::1"],
    "IPv4 mapped": ["::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8"],
    "IPv4 compatible": ["::127.0.0.1", "::169.254.169.254"],
    "IPv4 translated": ["::ffff:0:127.0.0.1"],
    "6to4": ["2002:7f00:1::1", "2002:a9fe:a9fe::1", "192.88.99.1"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::a00:1"],
    "Teredo": ["2001::1", "2001:0:53aa:64c:0:0:5601:5601"],
    "ORCHID": ["2001:10::1", "2001:20::1"],
    "ISATAP": ["2606:4700::5efe:127.0.0.1", "2606:4700::200:5efe:10.0.0.1"],
}  # fmt: skip
NO_URLS = [
    "http://example.org/a.jpg", "ftp://example.org/a", "file:///etc/passwd", "gopher://a.org/",
    "//example.org/a", "example.org", "https:/example.org", "https:///a", "https://", "",
    "https://user@example.org/", "https://user:word@example.org/", "https://example.org@127.0.0.1/",
    "https://127.0.0.1\\@example.org/", "https://example.org\\.evil.org/", "https://example.org\\@a.org",
    "https://exa mple.org/", "https://example.org/a b", "https://example.org/\r\nHost: a.org",
    "https://example.org/\n", "\thttps://example.org/", "https://exam\tple.org/", "https://a.org/\0",
    "https://exämple.org/", "https://ⓛocalhost.org/", "https://example。org/", "https://127。0。0。1/",
    "https://localhost/", "https://intranet/", "https://example.org./", "https://.example.org/",
    "https://example..org/", "https://-a.org/", "https://a-.org/", "https://2130706433/",
    "https://0x7f000001/", "https://017700000001/", "https://0x7f.1/", "https://127.1/",
    "https://127.0.1/", "https://0177.0.0.1/", "https://127.0.0.0x1/", "https://127.0.0.256/",
    "https://[::1/", "https://::1/", "https://[fe80::1%25eth0]/", "https://[127.0.0.1]x/",
    "https://[v1.a]/", "https://example.org:0/", "https://example.org:22/", "https://example.org:80/",
    "https://example.org:65536/", "https://example.org:/", "https://example.org:8443:22/",
    "https://example.org:+443/", "https://example.org/" + "a" * 2048, "jar:https://a.org!/",
    "https://example.org/<script>", "simplecache::https://a.org/b", "https://a.org/\u202e",
]  # fmt: skip


def test_the_table_is_long_enough() -> None:
    assert sum(map(len, NOT_PUBLIC.values())) + len(NO_URLS) >= 60


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_may_be_reached(text: str) -> None:
    assert is_public(ip_address(text))


@pytest.mark.parametrize("text", [text for texts in NOT_PUBLIC.values() for text in texts])
def test_other_addresses_may_not(text: str) -> None:
    assert not is_public(ip_address(text))


@pytest.mark.parametrize("text", NO_URLS)
def test_what_is_doubtful_is_no_address(text: str) -> None:
    with pytest.raises(UsageError, match="no address to fetch from"):
        parse(text)


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.org", Url("example.org", 443, "/")),
        ("HTTPS://EXAMPLE.org:8443?q=1", Url("example.org", 8443, "/?q=1")),
        ("https://xn--exmple-cua.org/a%20b.jpg#part", Url("xn--exmple-cua.org", 443, "/a%20b.jpg")),
        ("https://1.2.3.4/a", Url("1.2.3.4", 443, "/a")),
        ("https://[2606:4700::1111]:443/", Url("2606:4700::1111", 443, "/")),
    ],
)
def test_the_parts_of_an_address(text: str, url: Url) -> None:
    assert parse(text) == url


def test_the_host_header_names_the_server() -> None:
    assert parse("https://example.org:8443/a").authority == "example.org:8443"
    assert parse("https://[2606:4700::1111]/").authority == "[2606:4700::1111]"


def test_a_redirect_leads_to_a_path_or_a_whole_address() -> None:
    url = parse("https://example.org:8443/a/b")
    assert url.joined("/c?d") == Url("example.org", 8443, "/c?d")
    assert url.joined("https://example.net/c") == Url("example.net", 443, "/c")
    for other in ("http://example.org/", "//example.net/c", "c", "/\\example.net", "", "?q"):
        with pytest.raises(UsageError):
            url.joined(other)
