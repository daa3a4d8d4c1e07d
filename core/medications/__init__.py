"""This is the place where medicines are thought about: when a dose is due, what was taken, what does not go together. Pure."""
