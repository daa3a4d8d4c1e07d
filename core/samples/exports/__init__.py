"""This is the place where device exports are made: files as makers write them, with a truth that a test can compare with."""
