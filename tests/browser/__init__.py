"""This is the place where the pages are used as people use them: in a real browser, by mouse, by keyboard, in two languages."""
