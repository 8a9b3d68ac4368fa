"""The stand-in itself: a WSGI application whose state is in memory, so that it must run in one process.

``alterations`` is for tests alone: no request reaches it. Each entry replaces one answer.
"""

import hashlib
import json
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from http.cookies import SimpleCookie
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from demo.franceconnect import pages
from demo.franceconnect.citoyens import Citoyen
from demo.franceconnect.regles import Client, PageDErreur, Renvoi, lire_autorisation, lire_sortie

CODE_SECONDES, JETON_SECONDES, SESSION_SECONDES = 30, 60, 30 * 60
BISCUIT = "simulateur_session"  # not a name of the site's: cookies do not know ports
CORPS_MAXIMUM = 64 * 1024
ERREURS = ("access_denied", "server_error", "temporarily_unavailable")

Environ = Mapping[str, Any]


class Reponse(NamedTuple):
    """An HTTP answer."""

    statut: str
    corps: str = ""
    type: str = "text/html; charset=utf-8"
    entetes: tuple[tuple[str, str], ...] = ()


class Cle(NamedTuple):
    """A signing key: its name in the set, and its private half."""

    kid: str
    privee: ec.EllipticCurvePrivateKey

    def publique(self) -> dict[str, Any]:
        """As the key set shows it."""
        nombres = self.privee.public_key()
        return {**jwt.algorithms.ECAlgorithm.to_jwk(nombres, as_dict=True), "kid": self.kid, "use": "sig",
                "alg": "ES256"}  # fmt: skip


def nouvelle_cle() -> Cle:
    """A P-256 key with a name of its own."""
    return Cle(f"simulateur-{secrets.token_hex(6)}", ec.generate_private_key(ec.SECP256R1()))


def json_reponse(contenu: Any, statut: str = "200 OK") -> Reponse:
    return Reponse(statut, json.dumps(contenu), "application/json; charset=utf-8")


class Fournisseur:
    """FranceConnect's endpoints for one registered client."""

    def __init__(
        self,
        emetteur: str,
        client: Client,
        citoyens: Mapping[str, Citoyen],
        *,
        horloge: Callable[[], float] = time.time,
    ) -> None:
        self.emetteur, self.client, self.citoyens, self.horloge = emetteur, client, dict(citoyens), horloge
        self.base = urlsplit(emetteur).path
        self.cles = [nouvelle_cle()]
        self.demandes: dict[str, dict[str, str]] = {}
        self.codes: dict[str, dict[str, Any]] = {}
        self.jetons: dict[str, dict[str, Any]] = {}
        self.sessions: dict[str, tuple[str, float]] = {}
        self.appels: Counter[str] = Counter()
        self.alterations: dict[str, Callable[..., Any]] = {}
        self.routes: dict[tuple[str, str], Callable[[Environ], Reponse]] = {
            ("GET", "/.well-known/openid-configuration"): self.decouverte,
            ("GET", "/authorize"): self.autoriser,
            ("POST", "/authorize"): self.autoriser,
            ("POST", "/choisir"): self.choisir,
            ("POST", "/token"): self.donner_jetons,
            ("GET", "/userinfo"): self.dire_qui,
            ("GET", "/jwks"): self.donner_cles,
            ("GET", "/session/end"): self.deconnecter,
            ("GET", "/style.css"): lambda _: Reponse("200 OK", pages.STYLE, "text/css"),
        }

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        chemin = str(environ.get("PATH_INFO", "")).removeprefix(self.base)
        self.appels[chemin] += 1
        route = self.routes.get((environ["REQUEST_METHOD"], chemin), self.accueil)
        try:
            reponse = self.alterations.get(chemin, route)(environ)
        except PageDErreur as refus:
            reponse = Reponse("400 Bad Request", pages.erreur(refus.code, refus.raison))
        entetes = [("Content-Type", reponse.type), ("Cache-Control", "no-store"), ("Referrer-Policy", "no-referrer")]
        politique = "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'"
        start_response(reponse.statut, [*entetes, ("Content-Security-Policy", politique), *reponse.entetes])
        return [reponse.corps.encode()]

    # --- What the citizen sees --------------------------------------------------------------------------------------

    def accueil(self, environ: Environ) -> Reponse:
        """Anywhere else: where one is."""
        return Reponse("404 Not Found", pages.accueil())

    def autoriser(self, environ: Environ) -> Reponse:
        """Check the request of the service, then let the citizen choose who to be."""
        champs = _corps(environ) if environ["REQUEST_METHOD"] == "POST" else environ.get("QUERY_STRING", "")
        parametres = parse_qs(champs, keep_blank_values=True)
        try:
            lus = lire_autorisation(parametres, self.client)
        except Renvoi as refus:
            lus = {nom: valeurs[0] for nom, valeurs in parametres.items()}
            return self._renvoyer(lus, {"error": refus.error, "error_description": refus.description})
        numero = secrets.token_urlsafe(24)
        self.demandes[numero] = lus
        connu = self.citoyens.get(self._connu(environ))
        return Reponse("200 OK", pages.choix(f"{self.base}/choisir", numero, self.citoyens.values(), connu, ERREURS))

    def choisir(self, environ: Environ) -> Reponse:
        """The citizen chose a name, or one of the three failures."""
        champs = parse_qs(_corps(environ))
        demande = self.demandes.pop(champs.get("demande", [""])[0], None)
        if demande is None:
            raise PageDErreur("Y500001", "demande inconnue ou déjà terminée")
        erreur = champs.get("erreur", [""])[0]
        if erreur:
            return self._renvoyer(demande, {"error": erreur, "error_description": f"simulateur : {erreur}"})
        citoyen = self.citoyens.get(champs.get("citoyen", [""])[0])
        if citoyen is None:
            raise PageDErreur("Y500002", "citoyen inconnu")
        code, session = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
        self.codes[code] = {
            "demande": demande,
            "citoyen": citoyen,
            "fin": self.horloge() + CODE_SECONDES,
            "jeton": None,
        }
        self.sessions[session] = citoyen.cle, self.horloge() + SESSION_SECONDES
        biscuit = f"{BISCUIT}={session}; Path={self.base}; HttpOnly; SameSite=Lax"
        return self._renvoyer(demande, {"code": code}, ("Set-Cookie", biscuit))

    def _renvoyer(self, demande: Mapping[str, str], dit: dict[str, str], *entetes: tuple[str, str]) -> Reponse:
        parametres = {**dit, "state": demande["state"], "iss": self.emetteur}
        parametres = self.alterations.get("retour", lambda p: p)(parametres)
        adresse = f"{demande['redirect_uri']}?{urlencode(parametres)}"
        return Reponse("303 See Other", entetes=(("Location", adresse), *entetes))

    def _connu(self, environ: Environ) -> str:
        cle, fin = self.sessions.get(_biscuit(environ), ("", 0.0))
        return cle if fin > self.horloge() else ""

    def deconnecter(self, environ: Environ) -> Reponse:
        """End the session here, whoever's token it was and even expired, and send back to a declared address."""
        jeton, adresse, state = lire_sortie(parse_qs(environ.get("QUERY_STRING", "")), self.client)
        cles = {cle.kid: cle.privee.public_key() for cle in self.cles}
        try:
            kid = jwt.get_unverified_header(jeton).get("kid", "")
            jwt.decode(jeton, cles[kid], algorithms=["ES256"], audience=self.client.identifiant,
                       options={"verify_exp": False})  # fmt: skip
        except (jwt.InvalidTokenError, KeyError):
            raise PageDErreur("Y030009", "id_token_hint invalide") from None
        self.sessions.pop(_biscuit(environ), None)
        fin = f"{BISCUIT}=; Path={self.base}; Max-Age=0"
        suite = f"{adresse}?{urlencode({'state': state})}" if state else adresse
        return Reponse("303 See Other", entetes=(("Location", suite), ("Set-Cookie", fin)))

    # --- What the service asks --------------------------------------------------------------------------------------

    def donner_jetons(self, environ: Environ) -> Reponse:
        """The code against the tokens, once; a code used twice takes back what it gave."""
        champs = {nom: valeurs[-1] for nom, valeurs in parse_qs(_corps(environ)).items()}
        donnes = (champs.get("client_id", ""), champs.get("client_secret", ""))
        if not secrets.compare_digest(repr(donnes), repr((self.client.identifiant, self.client.secret))):
            return _refus("invalid_client", "401 Unauthorized")
        if champs.get("grant_type") != "authorization_code":
            return _refus("unsupported_grant_type")
        code = self.codes.get(champs.get("code", ""))
        if (
            code is None
            or code["fin"] < self.horloge()
            or champs.get("redirect_uri") != code["demande"]["redirect_uri"]
        ):
            return _refus("invalid_grant")
        if code["jeton"]:
            self.jetons.pop(code["jeton"], None)
            return _refus("invalid_grant")
        code["jeton"] = secrets.token_urlsafe(32)
        self.jetons[code["jeton"]] = {**code, "fin": self.horloge() + JETON_SECONDES}
        return json_reponse(
            {
                "access_token": code["jeton"],
                "expires_in": JETON_SECONDES,
                "id_token": self._signer("id_token", self._id_token(code)),
                "scope": code["demande"]["scope"],
                "token_type": "Bearer",
            }
        )

    def _id_token(self, code: Mapping[str, Any]) -> dict[str, Any]:
        maintenant = int(self.horloge())
        return {
            "sub": code["citoyen"].sub,
            "acr": "eidas1",
            "auth_time": maintenant,
            "nonce": code["demande"]["nonce"],
            **self._dates(maintenant),
        }

    def _dates(self, maintenant: int) -> dict[str, Any]:
        fin = maintenant + JETON_SECONDES
        return {"aud": self.client.identifiant, "exp": fin, "iat": maintenant, "iss": self.emetteur}

    def dire_qui(self, environ: Environ) -> Reponse:
        """Who the citizen is, signed, to the bearer of the token."""
        porteur = str(environ.get("HTTP_AUTHORIZATION", "")).removeprefix("Bearer ")
        jeton = self.jetons.get(porteur)
        if jeton is None or jeton["fin"] < self.horloge():
            return _refus("invalid_token", "401 Unauthorized")
        dires = jeton["citoyen"].dires(jeton["demande"]["scope"]) | self._dates(int(self.horloge()))
        return Reponse("200 OK", self._signer("userinfo", dires), "application/jwt")

    def donner_cles(self, environ: Environ) -> Reponse:
        """The public keys."""
        return json_reponse({"keys": [cle.publique() for cle in self.cles]})

    def decouverte(self, environ: Environ) -> Reponse:
        """The OpenID configuration, in the names that a relying party looks for."""
        adresses = {
            f"{nom}_endpoint": f"{self.emetteur}/{chemin}"
            for nom, chemin in (
                ("authorization", "authorize"), ("token", "token"), ("userinfo", "userinfo"),
                ("end_session", "session/end"),
            )
        }  # fmt: skip
        return json_reponse({"issuer": self.emetteur, "jwks_uri": f"{self.emetteur}/jwks", **adresses,
                             "authorization_response_iss_parameter_supported": True})  # fmt: skip

    def _signer(self, quoi: str, charge: dict[str, Any]) -> str:
        alterer = self.alterations.get(quoi)
        return str(alterer(charge)) if alterer else self.signer(charge)

    def signer(self, charge: Mapping[str, Any]) -> str:
        """A JWS by the newest key; its header has ``alg`` and ``kid`` alone."""
        cle = self.cles[-1]
        return jwt.encode(dict(charge), cle.privee, "ES256", headers={"kid": cle.kid, "typ": None})

    def tourner(self, *, garder: bool = True) -> None:
        """Sign with a new key from now on; the old ones stay in the set, or not."""
        self.cles = [*(self.cles if garder else []), nouvelle_cle()]


def _biscuit(environ: Environ) -> str:
    biscuits = SimpleCookie(environ.get("HTTP_COOKIE", ""))
    return biscuits[BISCUIT].value if BISCUIT in biscuits else ""


def _corps(environ: Environ) -> str:
    longueur = min(int(environ.get("CONTENT_LENGTH") or 0), CORPS_MAXIMUM)
    return str(environ["wsgi.input"].read(longueur).decode("utf-8", "replace"))


def _refus(erreur: str, statut: str = "400 Bad Request") -> Reponse:
    code = f"Y{hashlib.sha256(erreur.encode()).hexdigest()[:6].upper()}"
    return json_reponse({"error": erreur, "error_description": f"simulateur ({code})"}, statut)
