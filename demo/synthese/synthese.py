"""Synthetic dossiers in the format ``mespoints-dossier/1``, in the proportions of the national file.

The figures of the Observatoire national interministériel de la sécurité routière for 2024: 79 % of the drivers at 12
points, a third of the points withdrawn by one-point infractions and a tenth by six-point ones. The same seed and the
same day always give the same dossiers, and the first N of a longer run. Memory does not depend on ``count``.
"""

from collections.abc import Iterator
from datetime import date

from demo.synthese.histoires import (
    AN,
    Histoire,
    annulation,
    examens,
    invalidation,
    solde_epuise,
    vie_en_chaine,
    vie_ordinaire,
)
from demo.synthese.noms import NOMS, PAYS_NAISSANCE, PRENOMS_F, PRENOMS_M, VOIES
from demo.synthese.tirage import Json, Tirage, en_cases

FORMAT = "mespoints-dossier/1"

# Twelve-digit numbers are AA MM DD PP NNNN. PP and NNNN come from the line's rank through a permutation, PP from 11 on
# (10 is kept for the demonstration's personas); each further block of ranks takes another month.
_CLES_NEPH, _PREMIERE_CLE, _PAS = 890_000, 110_000, 414_977
CAPACITE = _CLES_NEPH * 12

_PERMIS_2004 = date(2004, 3, 1).toordinal()
_AAC, _SUPERVISEE, _CARTES = (date(*jour).toordinal() for jour in ((1990, 1, 1), (2010, 1, 1), (2013, 9, 16)))
_FORMATION = date(2019, 7, 1).toordinal()
_SORTS = en_cases(
    ("ordinaire", "chaine", "candidat", "solde_nul", "solde_nul_probatoire", "invalide", "nouveau_permis",
     "annule", "nouveau_permis_apres_annulation", "suspendu"),
    (9460, 130, 70, 30, 10, 40, 90, 40, 50, 80),
)  # fmt: skip
_RYTHME_MOYEN = 0.316 / AN  # infractions a day
_DISPERSION = 0.27  # shape of the gamma law of the drivers' rates: most drive well, a few do not


def dossiers(count: int, seed: int, au: date) -> Iterator[Json]:
    """``count`` dossiers as they stand on ``au``: dictionaries of the feed, ready for ``json.dumps``."""
    if count > CAPACITE:
        raise ValueError(f"at most {CAPACITE} dossiers: beyond, two would have the same NEPH")
    tirage = Tirage(seed, au)
    for rang in range(count):
        yield _dossier(tirage, rang, seed)


def _dossier(t: Tirage, rang: int, seed: int) -> Json:
    cle = (rang * _PAS + seed * 7_919) % _CLES_NEPH + _PREMIERE_CLE
    mois = (cle * 7 + rang // _CLES_NEPH) % 12 + 1
    sort = t.un(_SORTS)
    obtention = t.au - _anciennete(t, sort)
    histoire = Histoire(t)
    derniere_obtention, fin = _raconter(histoire, sort, obtention)
    commune = t.un(t.communes)
    titulaire = sort != "candidat"
    return {
        "format": FORMAT,
        "neph": _neph(t, cle, mois, obtention, commune.departement),
        "etat_civil": _etat_civil(t, obtention),
        "titres": _titres(t, obtention, derniere_obtention, fin, commune.departement) if titulaire else [],
        "categories": _categories(t, histoire, derniere_obtention, fin) if titulaire else [],
        "faits": histoire.faits,
    }


def _anciennete(t: Tirage, sort: str) -> int:
    """Days since the first licence."""
    u = t.hasard()
    if sort == "ordinaire" or sort == "suspendu":
        return int(3 * AN * u / 0.07) + 1 if u < 0.07 else int((3 + 55 * (u - 0.07)) * AN)
    if sort == "candidat":
        return 0
    if sort == "solde_nul_probatoire":
        return t.entre(320, 360)
    return int((18 + 40 * u) * AN)


def _raconter(histoire: Histoire, sort: str, obtention: int) -> tuple[int, int | None]:
    """Write the facts; the day of the last licence, and of its end if it ended."""
    t = histoire.t
    if sort == "candidat":
        examens(histoire)
        return obtention, None
    filiere = _filiere(t, obtention)
    histoire.permis(obtention, filiere)
    if sort == "ordinaire" or sort == "suspendu":
        _vivre(histoire, obtention, filiere)
        if sort == "suspendu":
            debut = t.au - t.entre(0, 120)
            histoire.suspension(debut, debut + t.entre(125, 365), "administrative", None)
        return obtention, None
    if sort == "chaine":
        vie_en_chaine(histoire, t.au - t.entre(int(10.3 * AN), int(13.5 * AN)))
        return obtention, None
    if sort.startswith("solde_nul"):
        probatoire = sort == "solde_nul_probatoire"
        solde_epuise(histoire, t.au - t.entre(0, 60 if probatoire else 110), probatoire=probatoire)
        return obtention, None
    return _perdre(histoire, sort)


def _perdre(histoire: Histoire, sort: str) -> tuple[int, int | None]:
    """The licence ends, by a 48SI or by the judge; sometimes there is a new one."""
    t = histoire.t
    nouveau = sort.startswith("nouveau_permis")
    fin = t.au - (t.entre(550, 3_000) if nouveau else t.entre(1, 700))
    if sort in ("invalide", "nouveau_permis"):
        invalidation(histoire, fin, solde_epuise(histoire, fin - t.entre(20, 90), probatoire=False))
    else:
        annulation(histoire, fin)
    if not nouveau:
        return fin, fin
    obtention = fin + t.entre(230, 540)
    histoire.permis(obtention, "classique")
    _vivre(histoire, obtention, "", premier=False)
    return obtention, None


def _filiere(t: Tirage, obtention: int) -> str:
    u = t.hasard()
    if u < 0.2 and obtention >= _AAC:
        return "aac"
    return "supervisee" if u > 0.96 and obtention >= _SUPERVISEE else "classique"


def _vivre(histoire: Histoire, obtention: int, filiere: str, *, premier: bool = True) -> None:
    """An ordinary life from the licence on: ten years and more of infractions, at the driver's own rate."""
    t = histoire.t
    fin_probatoire = obtention + int((2 if filiere == "aac" else 3) * AN) + 2 if obtention >= _PERMIS_2004 else 0
    if premier and obtention >= _FORMATION and t.hasard() < 0.08:
        jour = obtention + t.entre(190, 355)
        if jour <= t.au:
            histoire.faits.append({"id": histoire.id("f"), "type": "formation_complementaire", "date_fin": t.iso(jour)})
    rythme = t.rng.gammavariate(_DISPERSION, _RYTHME_MOYEN / _DISPERSION)
    annees = 12 if t.hasard() < 0.9 else 25
    if rythme > 1e-7:
        vie_ordinaire(histoire, obtention, fin_probatoire, rythme, t.au - int(annees * AN))


def _neph(t: Tirage, cle: int, mois: int, obtention: int, departement: str) -> str:
    """The number given on the day of enrolment, some months before the licence; older files have letters."""
    annee, mois_obtention = int(t.iso(obtention)[:4]), int(t.iso(obtention)[5:7])
    dd = "20" if departement in ("2A", "2B") else departement[:2]
    if annee < 1975:
        return f"{dd}{chr(65 + cle % 26)}{cle}{mois:02d}"
    inscription = annee if mois < mois_obtention - 3 else annee - 1
    return f"{inscription % 100:02d}{mois:02d}{dd}{cle}"


def _etat_civil(t: Tirage, obtention: int) -> Json:
    feminin = t.hasard() < 0.48
    liste = PRENOMS_F if feminin else PRENOMS_M
    u = t.hasard()
    naissance = t.iso(obtention - int((18 + 14 * u * u * u) * AN) - t.entre(20, 360))
    usage = t.un(NOMS).upper() if feminin and t.hasard() < 0.3 else None
    commune, ne_ailleurs = t.un(t.communes), t.hasard() < 0.1
    adresse = t.un(t.communes)
    return {
        "nom_naissance": t.un(NOMS).upper(),
        "nom_usage": usage,
        "prenoms": [t.un(liste) for _ in range(1 + int(t.hasard() * 2.6))],
        "sexe": "F" if feminin else "M",
        "date_naissance": naissance if t.hasard() > 0.003 else f"{naissance[:4]}-00-00",
        "lieu_naissance": "" if ne_ailleurs else commune.insee,
        "pays_naissance": t.un(PAYS_NAISSANCE) if ne_ailleurs else "99100",
        "adresse": {
            "lignes": [f"{t.entre(1, 120)} {t.un(VOIES)}"],
            "code_postal": adresse.code_postal,
            "commune": adresse.nom,
        },
    }


def _titres(t: Tirage, obtention: int, derniere: int, fin: int | None, departement: str) -> list[Json]:
    """A card; or the pink licence of before September 2013, which most have not changed."""
    etat = "restitue" if fin else "actif"
    if derniere >= _CARTES:
        return [_carte(t, min(derniere + 9, t.au), departement, etat)]
    ancien: Json = {
        "format": "trois_volets",
        "numero": f"{t.entre(100_000, 999_999)}{departement:0>3}{obtention % 1000:03d}",
        "date_delivrance": t.iso(obtention + 9),
        "date_expiration": "2033-01-19",
        "departement": departement,
        "etat": etat,
    }
    u = t.hasard()
    if u < 0.6:
        return [ancien]
    ancien["etat"] = "restitue" if u < 0.9 else "perdu" if u < 0.97 else "vole"
    return [ancien, _carte(t, t.entre(_CARTES, t.au), departement, etat)]


def _carte(t: Tirage, jour: int, departement: str, etat: str) -> Json:
    delivrance = t.iso(jour)
    return {
        "format": "carte",
        "numero": f"{delivrance[2:4]}{chr(65 + jour % 26)}{chr(65 + jour // 26 % 26)}{t.entre(10_000, 99_999)}",
        "date_delivrance": delivrance,
        "date_expiration": t.iso(jour + 5_478),
        "departement": departement,
        "etat": etat,
    }


def _categories(t: Tirage, histoire: Histoire, obtention: int, fin: int | None) -> list[Json]:
    """B for nearly everyone; two wheels, a trailer, or heavy vehicles with their medical examination."""
    jour, terme = t.iso(obtention), t.iso(fin) if fin else None
    lunettes = ["01"] if t.hasard() < 0.35 else []
    u = t.hasard()
    codes = ["A2"] if u < 0.02 else ["A", "B"] if u < 0.12 else ["B", "BE"] if u < 0.16 else ["B"]
    categories: list[Json] = [
        {"code": code, "date_obtention": jour, "date_fin": terme, "restrictions": lunettes} for code in codes
    ]
    if u > 0.95 and not fin and obtention < t.au - 1_500:
        visite = t.au - t.entre(0, 1_700)
        validite = t.iso(visite + 1_826)
        categories.append(
            {"code": "C", "date_obtention": t.iso(obtention + 1_100), "date_fin": validite, "restrictions": lunettes}
        )
        histoire.faits.append(
            {
                "id": histoire.id("v"),
                "type": "visite_medicale",
                "date_visite": t.iso(visite),
                "avis": "apte_avec_restrictions" if lunettes else "apte",
                "date_fin_validite": validite,
            }
        )
    return categories
