"""This is the place where forms that a person fills in are thought about: what they ask, what is still missing, what comes of it. Pure."""
