"""This is the place where the promises of Healthboard are checked."""
