"""The vehicles that may be driven: none any more, some no longer, and the next last day of a category or a card."""

from collections.abc import Iterator
from datetime import date
from operator import itemgetter

from django.urls import reverse

from dossier.presenters.suites.formes import GRAVE, PRUDENCE, Alerte, Etape
from dossier.rules.calendrier import jour_lu, plus_mois
from dossier.rules.categories import CategorieTenue, Validite, prochaines_fins
from dossier.rules.francais import en_lettres, enumerer
from dossier.rules.vocabulaire import Etat, EtatTitre
from dossier.selectors import Situation

#: How long before, and how long after, a last day is told.
AVANT_MOIS = 12
APRES_MOIS = 12
OU_DEMANDER = (
    "Prenez rendez-vous avec un médecin agréé par la préfecture, puis demandez le renouvellement sur le site de l'ANTS."
)


def categories_finies(situation: Situation) -> Iterator[Alerte]:
    """What may no longer be driven, and what may still be for a time."""
    replay, tenues = situation.replay, situation.categories
    if replay.etat not in (Etat.VALIDE, Etat.SOLDE_NUL, Etat.SUSPENDU):
        return
    finies = [t for t in tenues if t.validite is Validite.EXPIREE]
    if situation.sans_categorie:
        yield Alerte(
            "Aucune catégorie de votre permis n'est en cours : vous ne pouvez rien conduire",
            [
                *_fins(finies),
                "Vos points sont là, mais ils ne suffisent pas : il faut une catégorie en cours de validité (article "
                f"R.\u00a0221-11 du Code de la route). {OU_DEMANDER}",
                "Si ces dates sont fausses, signalez-le : une préfecture les vérifiera.",
            ],
            GRAVE,
            ("Signaler une erreur", reverse("signalement_nouveau")),
        )
        return
    recentes = [t for t in finies if t.fin and replay.au < plus_mois(t.fin, APRES_MOIS)]
    if recentes:
        yield Alerte(
            f"Vous ne pouvez plus conduire {_les(recentes)}",
            [*_fins(recentes), f"Pour {'les' if len(recentes) > 1 else 'la'} retrouver : {_bas(OU_DEMANDER)}"],
            PRUDENCE,
        )
    for tenue in tenues:
        if tenue.validite is Validite.PROVISOIRE and tenue.avis_le and tenue.fin:
            yield Alerte(
                f"Catégorie {tenue.code} : vous pouvez encore conduire, à titre provisoire",
                [
                    f"Elle a pris fin le {en_lettres(tenue.fin)}, mais un avis médical favorable du "
                    f"{en_lettres(tenue.avis_le)} l'a précédée : elle reste valable tant que le préfet n'a pas statué "
                    "sur votre demande (article R.\u00a0221-11 du Code de la route).",
                    "Gardez l'avis médical et le récépissé de la demande avec vous.",
                ],
                PRUDENCE,
            )


def etapes_des_titres(situation: Situation) -> list[Etape]:
    """The next last day of a category or of the card, soonest first."""
    au = situation.replay.au
    limite = plus_mois(au, AVANT_MOIS)
    jours = [
        (jour, Etape(_avant(jour), f"Visite médicale, pour garder {_les_codes(codes)} après ce jour-là.", True))
        for jour, codes in prochaines_fins(situation.categories, au, limite).items()
    ]
    for titre in situation.dossier.titres or []:
        fin = jour_lu(titre.get("date_expiration"))
        if titre.get("etat") == EtatTitre.ACTIF and fin is not None and fin <= limite:
            expire = "expire" if au <= fin else "a expiré"
            texte = f"Votre titre (la carte) {expire} : demandez-en un nouveau sur le site de l'ANTS, sans examen."
            jours.append((fin, Etape(_avant(fin) if au <= fin else "Dès maintenant", texte, False)))
    reprise = [Etape("Avant de reprendre le volant", OU_DEMANDER, False)] if situation.sans_categorie else []
    return reprise + [etape for _, etape in sorted(jours, key=itemgetter(0))]


def _avant(jour: date) -> str:
    return f"Avant le {en_lettres(jour)}"


def _fins(tenues: list[CategorieTenue]) -> Iterator[str]:
    """« B et BE ont pris fin le …. », a sentence a day."""
    jours: dict[date | None, list[str]] = {}
    for tenue in tenues:
        jours.setdefault(tenue.fin, []).append(tenue.code)
    for jour, codes in jours.items():
        if jour is not None:
            lesquelles = f"Les catégories {enumerer(codes)} ont" if len(codes) > 1 else f"La catégorie {codes[0]} a"
            yield f"{lesquelles} pris fin le {en_lettres(jour)}."


def _les(tenues: list[CategorieTenue]) -> str:
    codes = [t.code for t in tenues]
    return f"avec les catégories {enumerer(codes)}" if len(codes) > 1 else f"avec la catégorie {codes[0]}"


def _les_codes(codes: list[str]) -> str:
    return f"les catégories {enumerer(codes)}" if len(codes) > 1 else f"la catégorie {codes[0]}"


def _bas(texte: str) -> str:
    return texte[0].lower() + texte[1:]
