"""What FranceConnect v2 accepts of an authorization or a logout request, and the code of what it refuses.

Read in FranceConnect's own source (core-fcp, ``authorize-params.dto.ts`` and the BDD tests beside it, February 2026).
A refusal is either a page at FranceConnect (``PageDErreur``) or an error sent back to the service (``Renvoi``).
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

OBLIGATOIRES = ("client_id", "redirect_uri", "response_type", "scope", "acr_values", "state", "nonce")
FACULTATIFS = ("prompt", "claims", "idp_hint", "ui_locales")
INVITES = {"login", "consent"}
NONCE_MINIMUM = 22
#: What this client was granted; a scope of FranceConnect's that is not in it is refused, an unknown one is ignored.
ACCORDES = frozenset(
    ["openid", "identite_pivot", "email", "preferred_username", "idp_birthdate", "given_name", "family_name"]
)
CONNUS = ACCORDES | frozenset(
    ["profile", "birth", "birthdate", "gender", "birthplace", "birthcountry", "address", "phone", "idp_id"]
)


class PageDErreur(Exception):
    """Refused before anything is known of the service: an HTTP 400 page, no way back."""

    def __init__(self, code: str, raison: str) -> None:
        super().__init__(f"{code} {raison}")
        self.code, self.raison = code, raison


class Renvoi(Exception):
    """Refused, and told to the service by a redirection."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(error)
        self.error, self.description = error, description


class Client(NamedTuple):
    """A service provider as it was registered."""

    identifiant: str
    secret: str
    retours: Sequence[str]
    sorties: Sequence[str]


def lire_autorisation(parametres: Mapping[str, Sequence[str]], client: Client) -> dict[str, str]:
    """The parameters of ``/authorize``, one value each. Raises ``PageDErreur`` or ``Renvoi``."""
    lus = _lire_noms(parametres)
    if lus["client_id"] != client.identifiant:
        raise PageDErreur("Y04EA6EF", "client inconnu")
    if lus["redirect_uri"] not in client.retours:
        raise PageDErreur("Y04C013C", "adresse de retour non déclarée")
    if len(lus["nonce"]) < NONCE_MINIMUM:
        raise PageDErreur("Y030007", f"nonce de moins de {NONCE_MINIMUM} caractères")
    if "prompt" in lus and not (lus["prompt"] and set(lus["prompt"].split()) <= INVITES):
        raise PageDErreur("Y030007", "prompt refusé")
    if "claims" in lus:
        raise PageDErreur("Y100009", "claims non autorisé")
    _renvois(lus)
    return lus


def _lire_noms(parametres: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Each one once, all that must be there, and nothing that is not known."""
    if any(len(valeurs) != 1 for valeurs in parametres.values()):
        raise PageDErreur("Y030007", "paramètre répété")
    lus = {nom: valeurs[0] for nom, valeurs in parametres.items()}
    if inconnus := set(lus) - {*OBLIGATOIRES, *FACULTATIFS}:
        raise PageDErreur("Y030007", f"paramètre refusé : {', '.join(sorted(inconnus))}")
    if manquants := [nom for nom in OBLIGATOIRES if not lus.get(nom)]:
        raise PageDErreur("Y030007", f"paramètre manquant : {', '.join(manquants)}")
    return lus


def _renvois(lus: Mapping[str, str]) -> None:
    if lus["response_type"] != "code":
        raise Renvoi("unsupported_response_type", "unsupported response_type requested")
    demandes = set(lus["scope"].split())
    if "openid" not in demandes:
        raise Renvoi("invalid_request", "openid scope must be requested")
    if (demandes & CONNUS) - ACCORDES:
        raise Renvoi("invalid_scope", "requested scope is not allowed")
    if "eidas1" not in lus["acr_values"].split():
        raise Renvoi("invalid_acr", "acr_value is not valid, should be equal one of these values, expected eidas1")


def lire_sortie(parametres: Mapping[str, Sequence[str]], client: Client) -> tuple[str, str, str]:
    """``id_token_hint``, ``post_logout_redirect_uri`` and ``state`` of ``/session/end``. Raises ``PageDErreur``."""
    lus = {nom: valeurs[-1] for nom, valeurs in parametres.items()}
    if not lus.get("id_token_hint"):
        raise PageDErreur("Y030007", "id_token_hint manquant")
    if lus.get("post_logout_redirect_uri") not in client.sorties:
        raise PageDErreur("Y030008", "adresse de sortie non déclarée")
    return lus["id_token_hint"], lus["post_logout_redirect_uri"], lus.get("state", "")
