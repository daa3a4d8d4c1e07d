"""This is the place where the rules lie by which days with data and minutes of a month count as remote monitoring. Pure: no store, no clock, no words."""
