"""This is the place where the models of photos and signals run: on the edge inside the app, on a model server, or on the first of them that answers."""

from models.runners.edge import EdgeRunner
from models.runners.first import FirstThatAnswers
from models.runners.server import ServerRunner

__all__ = ["EdgeRunner", "FirstThatAnswers", "ServerRunner"]
