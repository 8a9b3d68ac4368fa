"""A visitor without a browser, light enough to be many: cookies, forms with their CSRF token, nothing else."""

import http.client
import re
import ssl
import time
from html import unescape
from typing import NamedTuple
from urllib.parse import urlencode, urljoin, urlsplit

_JETON = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class Reponse(NamedTuple):
    """What came back, and how many seconds it took."""

    statut: int
    entetes: http.client.HTTPMessage
    corps: bytes
    secondes: float

    @property
    def texte(self) -> str:
        return unescape(self.corps.decode(errors="replace")).replace("\u00a0", " ")


class Visiteur:
    """One browser. Without ``tls`` it speaks to the server as the proxy that ends TLS does, for the address ``ip``."""

    def __init__(
        self, hote: str, port: int, *, tls: ssl.SSLContext | None = None, nom: str = "localhost", ip: str = "192.0.2.1"
    ) -> None:
        self.hote, self.port, self.tls = hote, port, tls
        self.nom = f"{nom}:{port}" if tls else nom
        self.temoins: dict[str, str] = {}
        self.page = Reponse(0, http.client.HTTPMessage(), b"", 0.0)
        self.mandataire = {} if tls else {"X-Forwarded-Proto": "https", "X-Forwarded-For": ip}

    def aller(self, methode: str, chemin: str, champs: dict[str, str] | None = None) -> Reponse:
        """One request, one connection; cookies kept. Raises ``OSError`` or ``HTTPException`` when nobody answers."""
        depart = time.perf_counter()
        connexion = (
            http.client.HTTPSConnection(self.hote, self.port, timeout=60, context=self.tls)
            if self.tls
            else http.client.HTTPConnection(self.hote, self.port, timeout=60)
        )
        try:
            entetes = {"Host": self.nom, "Cookie": "; ".join(f"{n}={v}" for n, v in self.temoins.items())}
            entetes |= self.mandataire | {"Referer": f"https://{self.nom}/"}
            corps = None
            if champs is not None:
                entetes["Content-Type"] = "application/x-www-form-urlencoded"
                corps = urlencode(champs)
            connexion.request(methode, chemin, corps, entetes)
            recue = connexion.getresponse()
            contenu = recue.read()
        finally:
            connexion.close()
        self._garder_les_temoins(recue.headers.get_all("Set-Cookie", []))
        return Reponse(recue.status, recue.headers, contenu, time.perf_counter() - depart)

    def _garder_les_temoins(self, recus: list[str]) -> None:
        for temoin in recus:
            nom, _, valeur = temoin.partition(";")[0].partition("=")
            if not valeur.strip('"') or "Max-Age=0" in temoin:
                self.temoins.pop(nom, None)
            else:
                self.temoins[nom] = valeur

    def ouvrir(self, chemin: str) -> Reponse:
        """Open a page and stay on it, following what the site sends elsewhere on itself."""
        reponse = self.aller("GET", chemin)
        for _ in range(5):
            if reponse.statut not in {301, 302, 303} or not (ou := self.ici(reponse)):
                break
            reponse = self.aller("GET", ou)
        self.page = reponse
        return reponse

    def poster(self, chemin: str, **champs: str) -> Reponse:
        """Send a form with the token of the page one is on."""
        trouve = _JETON.search(self.page.corps.decode(errors="replace"))
        return self.aller("POST", chemin, champs | {"csrfmiddlewaretoken": trouve[1] if trouve else ""})

    def ici(self, reponse: Reponse) -> str:
        """Where a redirection leads on this site; empty when it leaves it."""
        ou = urlsplit(urljoin(f"https://{self.nom}/", reponse.entetes["Location"] or ""))
        if ou.netloc != self.nom:
            return ""
        return f"{ou.path}?{ou.query}" if ou.query else ou.path
