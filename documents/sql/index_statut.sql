-- The ranks of the status list come from a sequence of their own: the first one is 0, and a gap says nothing.

CREATE SEQUENCE documents_index_statut MINVALUE 0 START 0 OWNED BY documents_documentemis.index_statut;
