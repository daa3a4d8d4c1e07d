"""This is the place where readings become alerts that never die quietly: rules as data, states as a table, and replays. Pure: no store, no clock."""
