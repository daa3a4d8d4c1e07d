"""This is the place where Healthboard's own code lives; see docs/ARCHITECTURE.md for its rooms."""
