"""What differs between two captures, once what is drawn or of the moment is masked."""

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

#: By the narrowest shape that takes each; what a file is named is nobody's business but the browser's.
MASQUES = [
    (re.compile(motif, re.MULTILINE), remplace)
    for motif, remplace in (
        (r"(name=csrfmiddlewaretoken value=)\w+", r"\1‹jeton›"),
        (r"(name=vu value=)[0-9a-f]{32}", r"\1‹empreinte›"),
        (r"\bbureau-[0-9a-f]{32}\b", "bureau-‹fait›"),
        (r"data:image/svg\+xml;base64,[^\]]+", "‹image›"),
        (r"\n(?:[ \f]*\n)+", "\n"),  # poppler's empty lines, which follow the width of a number
        (r"(name=brouillon value=)\S+", r"\1‹brouillon›"),
        (r"[\w-]+(:|%3A)[\w-]{6}(:|%3A)[\w-]{43}(?![\w-])", "‹signature›"),
        (r"(/reset/key/\w+-)(?!set-password)[\w-]+", r"\1‹clé›"),
        (r"\b(state|nonce)=[\w-]+", r"\1=‹tiré›"),
        (r"(ADCS|RIR|RII|LETTRE)-[0-9A-Z]{5}-[0-9A-Z]{5}\b", r"\1-‹numéro›"),
        (r"\bS-(\d{4})-[A-Z2-9]{6}\b", r"S-\1-‹référence›"),
        (r"\b[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\b", "‹code›"),
        (r"^\d{8}$", "‹code de secours›"),
        (r"\b[A-Z2-7]{32}\b", "‹clé›"),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "‹uuid›"),
        (r"(localhost|127\.0\.0\.1)(:|%3A)\d+", r"\1"),
        (r"^CreationDate: .*", "CreationDate: ‹heure›"),
        (r"Connecté (maintenant|il y a [^,]+)", "Connecté ‹il y a›"),
        (r"(?<=T)\d\d:\d\d:\d\d(\.\d+)?", "‹heure›"),
        (r"\b\d{1,2}[ \u00a0]?(:|h)[ \u00a0]?\d\d((:| min )\d\d)?\b(?! km)", "‹heure›"),
        (r"(/static/)[\w./-]+(\.\w+)", r"\1‹fichier›\2"),
    )
]


def masquer(lu: str) -> str:
    """The text without what two demonstrations of one commit show differently."""
    for motif, remplace in MASQUES:
        lu = motif.sub(remplace, lu)
    return lu


def comparer(avant: Path, apres: Path, dire: Callable[[str], None]) -> bool:
    """Say the lines that differ, each change once, and how many texts of each kind differ; whether none does."""
    lus = [_par_cle(json.loads(fichier.read_text())) for fichier in (avant, apres)]
    cles = list(dict.fromkeys([*lus[0], *lus[1]]))
    differents = [cle for cle in cles if lus[0].get(cle) != lus[1].get(cle)]
    changements: dict[str, list[str]] = {}
    for cle in differents:
        textes = [lu.get(cle, "").splitlines() for lu in lus]
        lignes = list(difflib.unified_diff(*textes, "avant", "après", lineterm="", n=0))
        if cle[0] == "replay":
            lignes += _premiere_ligne(avant.with_name(cle[1]), apres.with_name(cle[1]))
        change = "\n".join(ligne for ligne in lignes if not ligne.startswith("@@"))
        changements.setdefault(change, []).append(" · ".join(cle))
    for change, ou in changements.items():
        dire(f"\n=== {ou[0]}{f' (et {len(ou) - 1} autres)' if len(ou) > 1 else ''}\n{change}")
    combien, ecarts = Counter(genre for genre, _ in cles), Counter(genre for genre, _ in differents)
    for genre, n in combien.items():
        dire(f"{genre:<28} {n:>5} comparés, {ecarts[genre]:>4} différents")
    return not differents


def _premiere_ligne(avant: Path, apres: Path) -> list[str]:
    """The first line of two replays that differs."""
    with avant.open() as un, apres.open() as autre:
        return next(([f"-{a.rstrip()}", f"+{b.rstrip()}"] for a, b in zip(un, autre, strict=False) if a != b), [])


def _par_cle(notes: list[list[str]]) -> dict[tuple[str, str], str]:
    """The texts by kind and name, masked; those of one name numbered, mails in no order of arrival."""
    lus: dict[tuple[str, str], str] = {}
    rangs: Counter[tuple[str, str]] = Counter()
    masquees = [(genre, masquer(cle), masquer(texte)) for genre, cle, texte in notes]
    for genre, cle, texte in sorted(masquees, key=lambda note: note if note[0] == "courriels" else ("",)):
        rangs[genre, cle] += 1
        lus[genre, f"{cle} ({rangs[genre, cle]})" if rangs[genre, cle] > 1 else cle] = texte
    return lus
