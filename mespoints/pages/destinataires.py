"""Who may be told that a licence exists, for what and until when: L. 225-5, Code read on 22 August 2026."""

from typing import NamedTuple


class Destinataire(NamedTuple):
    """One numbered line of the article, in plain words."""

    numero: str
    qui: str


L225_5 = (
    Destinataire("1°", "Vous, votre avocat ou votre mandataire"),
    Destinataire("2°", "Les autorités d’outre-mer, pour vérifier qu’un permis est authentique"),
    Destinataire("3°", "Les autorités étrangères, pour la même vérification, selon les accords internationaux"),
    Destinataire("4°", "Les policiers et gendarmes qui mènent une enquête préliminaire"),
    Destinataire("5°", "Les policiers et gendarmes habilités aux contrôles routiers"),
    Destinataire("5° bis", "Les policiers municipaux et gardes champêtres, pour identifier l’auteur d’une infraction"),
    Destinataire("5° ter", "Les policiers, gendarmes et douaniers d’un organisme de coopération internationale"),
    Destinataire("5° quater", "Les agents qui examinent les contestations d’amendes forfaitaires"),
    Destinataire("6°", "Les administrations civiles et militaires, pour ceux qu’elles emploient comme conducteurs"),
    Destinataire("7°", "Les assureurs, pour les personnes qu’ils assurent ou vont assurer"),
    Destinataire("8°", "L’organisme qui délivre les cartes de conducteur du chronotachygraphe"),
    Destinataire("9°", "L’organisme qui délivre les cartes de qualification des conducteurs professionnels"),
    Destinataire("10°", "Les agents de l’État qui contrôlent les transports terrestres"),
    Destinataire("11°", "Les entreprises de transport routier, pour leurs conducteurs"),
    Destinataire("12°", "La Caisse des dépôts, pour le compte personnel de formation"),
)
