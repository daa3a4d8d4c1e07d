"""This is the place where FHIR is spoken: files and servers are read, and their resources become records of ours."""
