"""Where a request comes from: behind a proxy, only a proxy that is ours is believed."""

from __future__ import annotations

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest | None) -> str:
    """Return the address of the clerk's machine, as far as it can be known.

    Each proxy adds the address it was asked from at the end of X-Forwarded-For, so the list is
    read from its end and believed only as long as the one who wrote is in TRUSTED_PROXIES.
    """
    if request is None:
        return ""
    address = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")
    while is_trusted(address) and forwarded:
        told = forwarded.pop().strip()
        if not is_address(told):
            break
        address = told
    return address


def is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def is_trusted(address: str) -> bool:
    """Whether the address is a proxy of ours; networks such as 10.0.0.0/24 count as a whole."""
    if not is_address(address):
        return False
    there = ipaddress.ip_address(address)
    return any(
        there in ipaddress.ip_network(proxy, strict=False) for proxy in settings.TRUSTED_PROXIES
    )
