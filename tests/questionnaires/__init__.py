"""This is the place where the promises of the questionnaires stand."""
