"""An agent's life, as the administrators lead it: opened, changed, suspended, resumed, ended."""
