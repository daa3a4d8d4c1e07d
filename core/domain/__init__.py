"""This is the place where the words of the house are defined: frozen types and tables, standard library and numpy only."""
