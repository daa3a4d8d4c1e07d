"""This is the place where the figures of a panel are made: who is in it, how many are within target, groups, gaps, burden, and work against hours."""
