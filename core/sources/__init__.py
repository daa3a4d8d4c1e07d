"""This is the place where foreign formats are read and turned into domain types."""
