"""This is the place where the people of a panel are put in clinical order, each once, and nobody in no lane."""
