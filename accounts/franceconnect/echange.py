"""The exchange with FranceConnect: a code against a verified identity, or a reason why not.

mozilla-django-oidc gives the request for tokens and the names of the settings. What decides whom to believe is
overridden here, since the package verifies neither audience, issuer, expiry nor level, takes an unsigned userinfo, and
knows people by their e-mail address. It is no authentication backend: no other door can make it run.
"""

import json
import re
from threading import BoundedSemaphore, Thread
from time import monotonic
from typing import Any

import jwt
import requests
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from mozilla_django_oidc.auth import OIDCAuthenticationBackend

from accounts.cog import FRANCE
from accounts.identite import Pivot
from mespoints.lib.bornes import Borne, Disjoncteur, Encombre
from mespoints.lib.inputs import is_unreadable

TOLERANCE = 30  # seconds between our clock and theirs
CORPS_MAXIMUM = 64 * 1024
#: The key set: how long it is fresh, how long before an unknown key is looked for again, how long after a failure.
JWKS_FRAIS, JWKS_INCONNUE, JWKS_PANNE = 3600, 30, 60
JWKS_GARDEES = 24 * 3600  # how long we do without an endpoint that gives nothing; a withdrawn key serves no longer
JWKS_SECONDES = 2.0  # to refresh a set that we have: the exchange must not wait for it
#: Visitors who wait at once: half of the threads of a process, whoever comes beyond is told at once.
ATTENTE = Borne()
#: Silent three times in a row: nobody waits for thirty seconds.
DISJONCTEUR = Disjoncteur()
#: Exchanges in a process; each has a thread of its own, so that a deadline holds whatever the other side does, and
#: some may outlive their visitor.
_fils = BoundedSemaphore(20)

_DATE = re.compile(r"\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])")
_CODES = {"birthplace": re.compile(r"(2[AB]|\d\d)\d{3}"), "birthcountry": re.compile(r"99\d{3}")}
_LONGUEUR = 255


class Refus(Exception):
    """What came is not to be believed; ``raison`` is a constant, for the journal."""

    def __init__(self, raison: str) -> None:
        super().__init__(raison)
        self.raison = raison


class Panne(Refus):
    """FranceConnect did not answer, or not what it should."""


class Identite:
    """Who is there, verified: the ``sub``, the pivot identity, a contact address, and the token that signs out."""

    def __init__(self, *, sub: str, pivot: Pivot, email: str, id_token: str) -> None:
        self.sub, self.pivot, self.email, self.id_token = sub, pivot, email, id_token


def echanger(*, code: str, nonce: str, retour: str) -> Identite:
    """Ask for the tokens and who it is, within ``OIDC_TIMEOUT`` seconds in all. Raises ``Refus`` or ``Panne``."""
    try:
        with ATTENTE.place():
            if not DISJONCTEUR.passe():
                raise Panne("circuit_open")
            return _attendre(code, nonce, retour)
    except Encombre:
        raise Panne("too_many_exchanges") from None


def _attendre(code: str, nonce: str, retour: str) -> Identite:
    if not _fils.acquire(blocking=False):
        raise Panne("too_many_exchanges")
    issue: list[Identite | Exception] = []
    echeance = monotonic() + settings.OIDC_TIMEOUT
    memoire = caches["default"]  # this thread's, whose connections last; one's own would be opened for each visitor

    def faire() -> None:
        try:
            issue.append(Echange(echeance, memoire).identifier(code, nonce, retour))
        except Exception as erreur:  # noqa: BLE001 - told to the thread that waits, which decides
            issue.append(erreur)
        finally:
            _fils.release()

    fil = Thread(target=faire, daemon=True)
    fil.start()
    fil.join(max(0.0, echeance - monotonic()))
    DISJONCTEUR.noter(en_retard=not issue or monotonic() >= echeance)
    if not issue:
        raise Panne("deadline")
    if isinstance(issue[0], Identite):
        return issue[0]
    if isinstance(issue[0], Refus):
        raise issue[0]
    raise Panne("unexpected") from issue[0]


class Echange(OIDCAuthenticationBackend):  # type: ignore[misc]  # the package has no types
    """One exchange. ``echeance`` is on the monotonic clock."""

    def __init__(self, echeance: float, memoire: BaseCache) -> None:
        super().__init__()
        self.echeance, self.memoire = echeance, memoire

    def identifier(self, code: str, nonce: str, retour: str) -> Identite:
        """The whole way, from the code to a verified person."""
        jetons = self.get_token(
            {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": retour,
                "client_id": self.OIDC_RP_CLIENT_ID,
                "client_secret": self.OIDC_RP_CLIENT_SECRET,
            }
        )
        id_token = self.verify_token(jetons["id_token"], nonce=nonce)
        dires = self.get_userinfo(jetons["access_token"], jetons["id_token"], id_token)
        return Identite(
            sub=id_token["sub"],
            pivot=lire_pivot(dires),
            email=_adresse(dires),
            id_token=jetons["id_token"],
        )

    def get_token(self, payload: dict[str, str]) -> dict[str, Any]:
        """The answer of the token endpoint: an access token of the bearer kind, and an id_token."""
        _, corps = self._appeler("POST", self.OIDC_OP_TOKEN_ENDPOINT, data=payload)
        lu = self._json(corps, "token")
        if not all(isinstance(lu.get(champ), str) and lu[champ] for champ in ("access_token", "id_token")):
            raise Panne("token_incomplete")
        if str(lu.get("token_type")).lower() != "bearer":
            raise Panne("token_type")
        return lu

    def verify_token(self, token: str, *, nonce: str | None = None, **_: Any) -> dict[str, Any]:
        """An id_token, by its signature and everything that it must say."""
        dit = self._verifier_signature(token, "id_token")
        if not nonce or dit.get("nonce") != nonce:
            raise Refus("id_token_nonce")
        if dit.get("acr") != settings.FRANCECONNECT_ACR:
            raise Refus("id_token_acr")
        return dit

    def get_userinfo(self, access_token: str, id_token: str, payload: dict[str, Any]) -> dict[str, Any]:
        """Who it is, signed, and the same person as the id_token's."""
        porteur = {"Authorization": f"Bearer {access_token}"}
        type_, corps = self._appeler("GET", self.OIDC_OP_USER_ENDPOINT, headers=porteur)
        if type_ != "application/jwt":
            raise Refus("userinfo_not_signed")
        dit = self._verifier_signature(corps, "userinfo")
        if "nonce" in dit:
            raise Refus("userinfo_is_an_id_token")
        if dit["sub"] != payload["sub"]:
            raise Refus("userinfo_sub")
        return dit

    def _verifier_signature(self, jeton: str, quoi: str) -> dict[str, Any]:
        """Signature by a key of the set with the registered algorithm alone, issuer, audience and dates."""
        try:
            entete = jwt.get_unverified_header(jeton)
            if entete.get("alg") != self.OIDC_RP_SIGN_ALGO:
                raise Refus(f"{quoi}_algorithm")
            dit: dict[str, Any] = jwt.decode(
                jeton,
                self.retrieve_matching_jwk(jeton),
                algorithms=[self.OIDC_RP_SIGN_ALGO],
                issuer=settings.FRANCECONNECT_ISSUER,
                audience=self.OIDC_RP_CLIENT_ID,
                leeway=TOLERANCE,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as erreur:
            raise Refus(f"{quoi}_{type(erreur).__name__}") from None
        if dit["aud"] not in (self.OIDC_RP_CLIENT_ID, [self.OIDC_RP_CLIENT_ID]):
            raise Refus(f"{quoi}_audience")
        if not (isinstance(dit["sub"], str) and 0 < len(dit["sub"]) <= _LONGUEUR) or is_unreadable(dit["sub"]):
            raise Refus(f"{quoi}_sub")
        return dit

    # --- Keys -------------------------------------------------------------------------------------------------------

    def retrieve_matching_jwk(self, token: str) -> jwt.PyJWK:
        """The key that the token names, from a set kept an hour; looked for once more when it is not there."""
        kid = jwt.get_unverified_header(token).get("kid")
        if not isinstance(kid, str) or not kid:
            raise Refus("kid_missing")
        nom = f"franceconnect:{self.OIDC_OP_JWKS_ENDPOINT}"
        connues = self.memoire.get(nom)
        if connues is None or self.memoire.get(f"{nom}:frais") is None:
            connues, a_jour = self._relire_cles(nom, connues), True
        else:
            a_jour = False
        cle = self._choisir(connues, kid)
        if cle is None and not a_jour and self.memoire.add(f"{nom}:inconnue", 1, JWKS_INCONNUE):
            cle = self._choisir(self._relire_cles(nom, connues), kid)
        if cle is None:
            raise Refus("kid_unknown")
        return cle

    def _relire_cles(self, nom: str, connues: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
        """The set as it is now; what we had, when the endpoint does not give one."""
        try:
            limite = self.echeance if connues is None else min(self.echeance, monotonic() + JWKS_SECONDES)
            _, corps = self._appeler("GET", self.OIDC_OP_JWKS_ENDPOINT, echeance=limite)
            lues = self._json(corps, "jwks").get("keys")
            if not (isinstance(lues, list) and lues and all(isinstance(cle, dict) for cle in lues)):
                raise Panne("jwks_invalid")
        except Panne:
            if connues is None:
                raise
            self.memoire.set(f"{nom}:frais", 1, JWKS_PANNE)
            return connues
        self.memoire.set(nom, lues, JWKS_GARDEES)
        self.memoire.set(f"{nom}:frais", 1, JWKS_FRAIS)
        return lues

    def _choisir(self, cles: list[dict[str, Any]], kid: str) -> jwt.PyJWK | None:
        algorithme = self.OIDC_RP_SIGN_ALGO
        bonnes = [
            cle
            for cle in cles
            if cle.get("kid") == kid
            and cle.get("alg", algorithme) == algorithme
            and cle.get("use", "sig") == "sig"
            and cle.get("kty") == ("EC" if algorithme.startswith("ES") else "RSA")
        ]
        return jwt.PyJWK(bonnes[0], algorithm=algorithme) if len(bonnes) == 1 else None

    # --- HTTP -------------------------------------------------------------------------------------------------------

    def _appeler(self, methode: str, adresse: str, *, echeance: float | None = None, **quoi: Any) -> tuple[str, str]:
        """One request, read whole, without following anything nor reading a .netrc: the type of its body, and that."""
        limite = self.echeance if echeance is None else echeance
        if (reste := limite - monotonic()) <= 0:
            raise Panne("deadline")
        try:
            with requests.request(
                methode, adresse, timeout=reste, allow_redirects=False, stream=True, auth=_telle_quelle, **quoi
            ) as reponse:
                if reponse.status_code != requests.codes.ok:
                    raise Panne(f"http_{reponse.status_code}")
                type_ = reponse.headers.get("Content-Type", "").partition(";")[0].strip().lower()
                return type_, _lire(reponse, limite)
        except Panne:
            raise
        except Exception as erreur:  # noqa: BLE001 - requests, urllib3, http.client, ssl, decoding: it is no answer
            raise Panne(f"http_{type(erreur).__name__}") from None

    def _json(self, corps: str, quoi: str) -> dict[str, Any]:
        try:
            lu = json.loads(corps)
        except (ValueError, RecursionError):
            raise Panne(f"{quoi}_not_json") from None
        if not isinstance(lu, dict):
            raise Panne(f"{quoi}_not_json")
        return lu


def _lire(reponse: requests.Response, limite: float) -> str:
    """The body, of a reasonable size and in time."""
    corps = bytearray()
    while morceau := reponse.raw.read1(CORPS_MAXIMUM, decode_content=True):
        corps += morceau
        if len(corps) > CORPS_MAXIMUM or monotonic() > limite:
            raise Panne("too_long")
    return corps.decode("utf-8")


def _telle_quelle(requete: requests.PreparedRequest) -> requests.PreparedRequest:
    return requete


def lire_pivot(dires: dict[str, Any]) -> Pivot:
    """The pivot identity of a verified userinfo. Raises ``Refus`` where what FranceConnect always gives is missing."""
    nom, naissance, pays = (_texte(dires, champ) for champ in ("family_name", "birthdate", "birthcountry"))
    commune, brute = _texte(dires, "birthplace"), _texte(dires, "idp_birthdate")
    if not nom or not _DATE.fullmatch(naissance) or not _CODES["birthcountry"].fullmatch(pays):
        raise Refus("pivot_incomplete")
    if pays == FRANCE and not _CODES["birthplace"].fullmatch(commune):
        raise Refus("pivot_birthplace")
    liste = dires.get("given_name_array")
    if not (isinstance(liste, list) and liste and all(isinstance(p, str) and not is_unreadable(p) for p in liste)):
        liste = _texte(dires, "given_name").split()
    return Pivot(
        nom=nom,
        prenoms=[prenom[:_LONGUEUR] for prenom in liste[:20]],
        date=naissance,
        date_brute=brute if _DATE.fullmatch(brute) else "",
        sexe=_texte(dires, "gender"),
        commune=commune if pays == FRANCE else "",
        pays=pays,
        nom_usage=_texte(dires, "preferred_username"),
    )


def _adresse(dires: dict[str, Any]) -> str:
    """The address to write to; none when no mail could reach it: a task would try for ever."""
    dite = _texte(dires, "email")
    try:
        validate_email(dite)
    except ValidationError:
        return ""
    return dite if len(dite) < _LONGUEUR else ""


def _texte(dires: dict[str, Any], champ: str) -> str:
    valeur = dires.get(champ)
    lisible = isinstance(valeur, str) and len(valeur) <= _LONGUEUR and not is_unreadable(valeur)
    return valeur.strip() if isinstance(valeur, str) and lisible else ""
