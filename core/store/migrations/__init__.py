"""This is the place where the tables came to be, step by step; `HEAD` is the step this program needs."""

HEAD = "0005"
