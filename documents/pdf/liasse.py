"""Several sealed letters as one file to print: the letters' own files stay what they are, and keep their seal."""

import io
from collections.abc import Iterable
from contextlib import ExitStack


def reunir(fichiers: Iterable[bytes], *, titre: str) -> bytes:
    """One PDF of these files, in their order, each letter on a sheet of its own, even printed on both sides.

    Without their seals: a seal holds for one file alone, and this one is for the printer.
    """
    import pikepdf  # a tenth of a second to import, once

    with ExitStack() as ouverts, pikepdf.new() as liasse:
        for octets in fichiers:
            lettre = ouverts.enter_context(pikepdf.open(io.BytesIO(octets)))  # read when the whole is saved
            for page in lettre.pages:
                if "/Annots" in page:
                    del page.Annots
            liasse.pages.extend(lettre.pages)
            if len(liasse.pages) % 2:
                gauche, bas, droite, haut = map(float, liasse.pages[-1].mediabox)
                liasse.add_blank_page(page_size=(droite - gauche, haut - bas))
        liasse.docinfo["/Title"] = titre
        liasse.Root.Lang = pikepdf.String("fr-FR")
        liasse.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
        sortie = io.BytesIO()
        liasse.save(sortie, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return sortie.getvalue()
