"""This is the place where a kiosk stands in a waiting room: one stranger after the other, and nothing of anybody left on it."""

from core.ui import kiosk_house, kiosk_screens
from core.ui.session import here

kiosk_screens.run(kiosk_house.house(here()))
