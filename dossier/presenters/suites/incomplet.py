"""What the file lacks, or says of somebody who is dead."""

from collections.abc import Iterator

from django.urls import reverse

from dossier.presenters.suites.formes import AVIS, PRUDENCE, Alerte, Etape
from dossier.rules.francais import en_lettres, pluriel
from dossier.selectors import Situation

SIGNALER = "signalement_nouveau"


def incomplet(situation: Situation) -> Iterator[Alerte]:
    """Offences and no licence: the file is wrong more often than the driver."""
    replay = situation.replay
    if not replay.incomplet:
        return
    combien = pluriel(sum(1 for i in situation.parcours.infractions if i.points), "infraction")
    yield Alerte(
        "Votre dossier est incomplet : votre permis n'y figure pas",
        [
            f"Il contient {combien} à points, mais aucun permis, ni français ni étranger. Vos points ne peuvent donc "
            "pas être comptés ici, et cela ne veut pas dire que vous n'en avez pas.",
            "Signalez-le : une préfecture complétera le dossier. Gardez à portée de main votre permis, sa date et son "
            "numéro.",
            "Si une infraction de cette page n'est pas la vôtre, dites-le dans le même signalement.",
        ],
        PRUDENCE,
        ("Signaler le dossier incomplet", reverse(SIGNALER)),
    )


def suite_incomplet(_situation: Situation) -> list[Etape]:
    """What only the driver can start."""
    texte = "Signalez que votre permis manque : tant que le dossier n'est pas complété, ni points ni attestation."
    return [Etape("Dès maintenant", texte, False, ("Signaler", reverse(SIGNALER)))]


def decede(situation: Situation) -> Iterator[Alerte]:
    """Said once and soberly; whoever reads it alive is told what to do."""
    jour = situation.replay.deces
    if jour is None:
        return
    yield Alerte(
        "Ce dossier est clos",
        [
            f"Le fichier national dit que le titulaire de ce permis est décédé le {en_lettres(jour)}. Plus rien n'y "
            "change depuis ce jour : ni point rendu, ni document délivré.",
            "Ce permis est le vôtre ? C'est une erreur, et elle se corrige : signalez-la, puis présentez-vous à votre "
            "préfecture avec une pièce d'identité. Une fois l'erreur levée, tout redevient comme avant.",
        ],
        AVIS,
        ("Signaler l'erreur", reverse(SIGNALER)),
    )


def suite_decede(_situation: Situation) -> list[Etape]:
    """Nothing comes by itself."""
    return [Etape("Rien ne viendra plus", "Le dossier garde ce qu'il disait ce jour-là.", True)]
