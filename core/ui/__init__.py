"""This is the place where screens are made: the only core package that knows Streamlit."""
