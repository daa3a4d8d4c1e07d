"""This is the place where the FHIR client is tried against servers that misbehave."""
