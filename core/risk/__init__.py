"""This is the place where published risk equations and scores are computed, explained, or declined with a reason. Pure: no clock, no file."""
