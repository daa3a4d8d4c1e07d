"""This is the place where reading FHIR files is tested."""
