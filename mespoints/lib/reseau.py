"""Where a request comes from: a network, never a person."""

from ipaddress import IPv6Address, ip_address, ip_network

from allauth.account.adapter import get_adapter
from django.http import HttpRequest

PREFIXE_IPV6 = 64  # what one subscriber is given


def reseau(request: HttpRequest) -> str:
    """Whom an IP address stands for: itself, or in IPv6 the subscriber's whole network."""
    adresse = ip_address(get_adapter().get_client_ip(request))
    if isinstance(adresse, IPv6Address) and adresse.ipv4_mapped:
        adresse = adresse.ipv4_mapped
    if isinstance(adresse, IPv6Address):
        return str(ip_network(f"{adresse}/{PREFIXE_IPV6}", strict=False))
    return str(adresse)


def reseau_approche(request: HttpRequest) -> str:
    """The network of a visitor, wide enough to name nobody: three bytes of four in IPv4, 48 bits in IPv6."""
    adresse = ip_address(reseau(request).partition("/")[0])
    return str(ip_network(f"{adresse}/{24 if adresse.version == 4 else 48}", strict=False))
