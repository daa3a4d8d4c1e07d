"""This is the place where a clinic's kiosk is: its flow, what is collected in one visit, how that is sealed and waits to be sent."""
