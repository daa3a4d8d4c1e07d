"""This is the place where messages leave the house: e-mail, other services, push, and the calendar that telephones read."""
