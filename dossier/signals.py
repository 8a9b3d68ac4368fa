"""What the dossiers say to the apps that stand on them, which listen without being known."""

from django.dispatch import Signal

#: Sent by ``settle`` inside its transaction, after its writes, when it changed something: ``dossier_ids`` (a list, as
#: long as a batch of the night) and ``au`` (date). A receiver that fails undoes the settling: cheap and sure.
dossiers_settled = Signal()
#: Sent where facts were added, inside the transaction, points changed or not: ``dossier_ids``, ``au``. After
#: ``dossiers_settled``.
faits_recorded = Signal()
#: Sent inside the transaction where the file says that a dossier is another person's: ``dossier_ids``. Whoever was tied
#: to it is to prove again who they are.
personnes_corrigees = Signal()
