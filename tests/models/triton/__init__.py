"""This is the place where the real Triton server runs our exported models, and the app asks it."""
