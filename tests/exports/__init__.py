"""This is the place where it is tried whether what a person takes away is whole, readable and harmless."""
