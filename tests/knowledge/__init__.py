"""This is the place where the graph of knowledge and the table of treatment options are tested."""
