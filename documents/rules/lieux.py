"""Places of birth in words, from the INSEE codes of the feed (code officiel géographique, 2025).

The names of the 35,000 municipalities are not here: a birth in France is written with its département and the code.
A country bears its present name. A code that is not known is printed as it is: nothing is guessed.
"""

from dossier.rules.departements import DEPARTEMENTS
from dossier.rules.pays import PAYS

FRANCE = "99100"

#: What a place of birth may name beside the départements of today.
AUTRES = {"20": "Corse", "984": "Terres australes et antarctiques françaises"}


def lieu_en_mots(commune: str | None, pays: str | None) -> str:
    """``75056`` and ``99100`` as « Paris (75), commune INSEE 75056 »; a birth abroad as its country."""
    if pays and pays != FRANCE:
        return PAYS.get(pays, f"pays INSEE {pays}")
    if commune:
        numero = commune[:3] if commune[:2] in ("97", "98") else commune[:2]
        nom = (DEPARTEMENTS | AUTRES).get(numero)
        return f"{nom} ({numero}), commune INSEE {commune}" if nom else f"commune INSEE {commune}"
    return "France" if pays == FRANCE else "non renseigné"
