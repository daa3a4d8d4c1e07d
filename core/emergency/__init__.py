"""This is the place where an emergency is thought about: signs that need help at once, whom to call where, what a stranger must read. Pure."""
