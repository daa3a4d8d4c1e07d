"""This is the place where a pulse signal is taken in, judged and checked, without TensorFlow."""
