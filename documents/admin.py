"""What the documents bring to the desk: the RII by post, on an opened dossier."""

from documents.guichet import views
from mespoints.lib.bureau import page_de_dossier
from mespoints.lib.session import INSTRUCTION

page_de_dossier("rii/", "rii", "Délivrer le RII", INSTRUCTION, views.rii)
