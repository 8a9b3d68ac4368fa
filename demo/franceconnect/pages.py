"""What the stand-in shows. It must be taken for nothing else: no mark of the State, no logo, its own colours."""

from collections.abc import Iterable
from html import escape

from demo.franceconnect.citoyens import Citoyen

STYLE = """
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:#fbf6ec;color:#2b1d0e}
.bandeau{margin:0;padding:.75rem 1rem;background:#5b2a86;color:#fff;font-weight:700;text-align:center}
main{max-width:46rem;margin:0 auto;padding:1rem}
h1{font-size:1.5rem;line-height:1.25}
h2{font-size:1.125rem;margin:2rem 0 .5rem}
form{margin:0}
.citoyen{display:block;width:100%;margin:0 0 .5rem;padding:.75rem 1rem;border:2px solid #5b2a86;border-radius:.5rem;
background:#fff;color:inherit;font:inherit;text-align:left;cursor:pointer}
.citoyen strong{display:block}
.citoyen:hover{background:#f1e6fa}
.citoyen:focus-visible{outline:3px solid #b45309;outline-offset:2px}
.montre{font-size:.875rem}
@media (prefers-color-scheme:dark){body{background:#1d1426;color:#f5eefc}.bandeau{background:#c79bf0;color:#1d1426}
.citoyen{background:#2b1f38;border-color:#c79bf0}.citoyen:hover{background:#3b2b4d}}
"""
BANDEAU = "Simulateur d'identité\u00a0: ceci n'est pas FranceConnect"
LIBELLES = {
    "access_denied": "Abandonner, ou être refusé (access_denied)",
    "server_error": "Faire tomber le fournisseur (server_error)",
    "temporarily_unavailable": "Le rendre indisponible un moment (temporarily_unavailable)",
}


def choix(action: str, demande: str, citoyens: Iterable[Citoyen], connu: Citoyen | None, erreurs: Iterable[str]) -> str:
    """Who to be: each citizen says what signing in as them shows."""
    cache = f'<input type="hidden" name="demande" value="{escape(demande)}">'
    boutons = "".join(_bouton(c, "citoyen", c.cle, _nom(c), c.montre) for c in citoyens)
    encore = ""
    if connu:
        reprise = _bouton(connu, "citoyen", connu.cle, f"Continuer en tant que {_nom(connu)}", "Session en cours ici")
        encore = f"<h2>Vous êtes déjà passé par ici</h2>{reprise}"
    pannes = "".join(_bouton(None, "erreur", e, LIBELLES.get(e, e), "") for e in erreurs)
    return _page(
        "Qui voulez-vous être ?",
        f"<p>Toutes ces personnes sont inventées. Aucun mot de passe n'est demandé.</p>"
        f'<form method="post" action="{escape(action)}">{cache}{encore}'
        f"<h2>Choisir une personne</h2>{boutons}<h2>Ou une panne</h2>{pannes}</form>",
    )


def _nom(citoyen: Citoyen) -> str:
    return f"{citoyen.prenoms[0] if citoyen.prenoms else ''} {citoyen.nom}".strip()


def _bouton(citoyen: Citoyen | None, nom: str, valeur: str, texte: str, montre: str) -> str:
    nee = f"{'/'.join(reversed(citoyen.naissance.split('-')))} · " if citoyen else ""
    suite = f'<span class="montre">{escape(nee + montre)}</span>' if montre else ""
    dedans = f"<strong>{escape(texte)}</strong>{suite}"
    return f'<button class="citoyen" name="{nom}" value="{escape(valeur)}">{dedans}</button>'


def erreur(code: str, raison: str) -> str:
    """What FranceConnect would not send back to the service."""
    return _page("Demande refusée", f"<p>Code {escape(code)} : {escape(raison)}.</p>")


def accueil() -> str:
    """For who comes here by hand."""
    return _page("Rien à voir ici", "<p>On arrive ici depuis le bouton de connexion du site de démonstration.</p>")


def _page(titre: str, corps: str) -> str:
    for signe in ":;?!":
        titre, corps = titre.replace(f" {signe}", f"\u00a0{signe}"), corps.replace(f" {signe}", f"\u00a0{signe}")
    return (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(titre)} – simulateur</title>'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<link rel="stylesheet" href="/api/v2/style.css">'
        f'</head><body><p class="bandeau">{BANDEAU}</p><main><h1>{escape(titre)}</h1>{corps}</main></body></html>'
    )
