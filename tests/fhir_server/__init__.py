"""This is the place where a real FHIR server, written by somebody else, is pulled from."""
