"""What an agent may record: one typed form a fact. The word is that of the address, the title that of the page."""

from collections.abc import Mapping

from dossier.bureau.actes.formulaire import ActeForm
from dossier.bureau.actes.infractions import (
    AnnulationInfractionsForm,
    DefinitiveForm,
    InfractionForm,
    StageForm,
)
from dossier.bureau.actes.lettres import LettreForm, Notification48SIForm
from dossier.bureau.actes.mesures import (
    AnnulationForm,
    DecesForm,
    InterdictionForm,
    LeveeForm,
    RetablissementForm,
    SuspensionForm,
    VisiteForm,
)
from dossier.bureau.actes.permis import EchangeForm, PermisEtrangerForm, PermisObtenuForm, RemiseForm

#: By heading, in the order of the page.
RUBRIQUES: Mapping[str, Mapping[str, type[ActeForm]]] = {
    "Infractions et stages": {
        "infraction": InfractionForm,
        "date-definitive": DefinitiveForm,
        "infraction-annulee": AnnulationInfractionsForm,
        "stage": StageForm,
    },
    "Mesures": {
        "suspension": SuspensionForm,
        "visite-medicale": VisiteForm,
        "annulation": AnnulationForm,
        "interdiction": InterdictionForm,
        "levee": LeveeForm,
        "retablissement": RetablissementForm,
    },
    "Lettres": {
        "notification-48si": Notification48SIForm,
        "lettre": LettreForm,
    },
    "Permis et titulaire": {
        "permis-obtenu": PermisObtenuForm,
        "permis-etranger": PermisEtrangerForm,
        "echange": EchangeForm,
        "remise-titre": RemiseForm,
        "deces": DecesForm,
    },
}
ACTES: Mapping[str, type[ActeForm]] = {mot: form for actes in RUBRIQUES.values() for mot, form in actes.items()}
