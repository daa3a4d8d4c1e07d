"""This is the place where somebody says who they are: a demo person to try, or a name and password."""

from core.ui import entrance
from core.ui.session import here

entrance.draw(here())
