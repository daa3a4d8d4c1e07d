"""This is the place where what the tables know is one graph, and where the options that guidelines allow are held against a person. Pure."""
