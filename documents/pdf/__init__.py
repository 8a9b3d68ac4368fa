"""The file of a document: drawn in a process of its own, sealed, joined to others to be printed."""
