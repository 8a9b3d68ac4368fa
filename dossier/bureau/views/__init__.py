"""The desk's pages. Each is under ``site.admin_view`` (``dossier.admin``)."""
