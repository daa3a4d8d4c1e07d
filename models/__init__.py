"""This is the place where trained models live: their files, their cards, and what runs them without TensorFlow."""
