"""Host names the portal answers to, from PUBLIC_URL or from the machine itself."""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from liaison_portal.local.refusal import Refusal

LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]
EVERY_INTERFACE = frozenset({"0.0.0.0", "::"})


@dataclass(frozen=True, slots=True)
class PublicHosts:
    hosts: list[str]
    origins: list[str]
    is_https: bool


def public_hosts(url: str) -> PublicHosts:
    """Allowed hosts, CSRF origins and whether cookies are Secure.

    Without a public address: this machine's names only, the LAN ones when HOST opens the port to
    them. `url` is like `https://zx.example.gov.cn`; a path is ignored.
    """
    if not url:
        own = os.environ.get("HOST", "")
        others = lan_addresses() if own in EVERY_INTERFACE else [own] if own else []
        return PublicHosts(list(dict.fromkeys([*LOOPBACK, *others])), [], is_https=False)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise Refusal(
            f"PUBLIC_URL 应写成 https://域名，现在是 {url}。",
            f"PUBLIC_URL must look like https://name, not {url}.",
        )
    name = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    origin = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    return PublicHosts([name, *LOOPBACK], [origin], is_https=parts.scheme == "https")


@lru_cache(maxsize=1)
def lan_addresses() -> tuple[str, ...]:
    """This machine's IPv4 addresses on its networks, the one of the default route first."""
    found: list[str] = []
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with probe, contextlib.suppress(OSError):
        # Connecting a datagram socket sends nothing; it only picks the route's own address.
        probe.connect(("192.0.2.1", 9))
        found.append(probe.getsockname()[0])
    with contextlib.suppress(OSError):
        found += socket.gethostbyname_ex(socket.gethostname())[2]
    return tuple(dict.fromkeys(ip for ip in found if not ip.startswith("127.")))
