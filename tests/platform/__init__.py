"""This is the place where the web server around the pages is checked."""
