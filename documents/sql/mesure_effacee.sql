-- The RII that told an annulled measure go with its content (dossier/sql/effacement.sql), as they do after ten years.

CREATE TRIGGER documents_de_la_mesure AFTER UPDATE ON dossier_fait FOR EACH ROW EXECUTE FUNCTION effacer_documents();
ALTER TABLE dossier_fait ENABLE ALWAYS TRIGGER documents_de_la_mesure;
