"""This is the place where synthetic people are made: coherent lives for the demo, and cohorts for tests of scale."""

from core.samples.people import SEED, SampleFile, SamplePerson, generate, manifest

__all__ = ["SEED", "SampleFile", "SamplePerson", "generate", "manifest"]
