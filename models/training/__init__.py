"""This is the place where models are trained, evaluated and written to models/artifacts. The app never imports it."""
