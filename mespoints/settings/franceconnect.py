"""FranceConnect, or another OpenID provider configured as it is: everything comes from the environment.

Without FRANCECONNECT_CLIENT_ID the door is closed, and its page says so.
"""

from urllib.parse import urlsplit

from mespoints.settings.environment import env

PRODUCTION = "https://oidc.franceconnect.gouv.fr/api/v2"
INTEGRATION = "https://fcp-low.sbx.dev-franceconnect.fr/api/v2"
#: The issuers that are FranceConnect's own; any other one has to be wanted (FRANCECONNECT_AUTRE_FOURNISSEUR).
OFFICIELS = (PRODUCTION, INTEGRATION, "https://fcp-low.integ01.dev-franceconnect.fr/api/v2")
NOMS = {"production": PRODUCTION, "integration": INTEGRATION}

_dit = (env.str("FRANCECONNECT_ISSUER", default="") or "production").rstrip("/")
ISSUER: str = NOMS.get(_dit, _dit)


def adresse(nom: str, chemin: str) -> str:
    """An endpoint: under the issuer unless said otherwise, as when the servers reach it by another name."""
    return str(env.str(f"FRANCECONNECT_{nom}_URL", default="")) or f"{ISSUER}/{chemin}"


def origine(url: str) -> str:
    """Scheme, host and port of an address, for the content security policy."""
    parties = urlsplit(url)
    return f"{parties.scheme}://{parties.netloc}"
