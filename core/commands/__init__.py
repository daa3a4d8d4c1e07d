"""This is the place where the commands of `healthboard` are, one file for each family; core/cli.py puts them together."""
