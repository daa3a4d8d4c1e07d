"""This is the place where a kiosk is that stands by itself in a clinic: what waits to be sent, the way to the server, and the process that shows the pages.

It has no store, no record and no private key: what a person says stays in memory until it is sealed.
"""
