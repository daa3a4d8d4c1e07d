"""This is the place where advice is worked out: rules as data, facts with their age, and for each rule an outcome that says why."""
