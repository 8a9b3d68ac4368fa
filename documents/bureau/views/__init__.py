"""The desk's pages of the documents."""
