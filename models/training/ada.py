"""This is the place where the ADA risk test is scored with the items this survey has, and what the missing ones could change is bounded.

Items (American Diabetes Association risk test, Bang, Ann Intern Med 2009;151:775; cut: 5 or more): age, sex, BMI, activity and high blood pressure
are here; high blood pressure as *measured* at or above 140/90, a stand-in for the diagnosis that the test asks for. Not in the table:
diabetes in a parent, sibling or child (1 point), diabetes in a pregnancy (1 point, women). So these are "the ADA items available here", not the ADA test.
"""

from __future__ import annotations

import numpy as np

from models.training.measures import at_cut
from models.training.survey import People

CUT = 5
NAME = "ada_items_available_here"


def without_pressure(people: People) -> np.ndarray:
    """(n,) points of age, sex, BMI and activity: what is certain."""
    x = people.x
    age = np.searchsorted([40, 50, 60], x["age"].to_numpy(), side="right")
    weight = np.searchsorted([25, 30, 40], x["bmi"].to_numpy(), side="right")
    return age + weight + x["sex"].to_numpy(dtype=int) + (x["physically_active"].to_numpy() == 0)


def available(people: People) -> np.ndarray:
    """(n,) points, 0..9, of all items available here."""
    high = (people.x["sbp"].to_numpy() >= 140) | (people.x["dbp"].to_numpy() >= 90)
    return without_pressure(people) + high


def bounds(people: People, weight: np.ndarray | None = None) -> dict[str, dict[str, float]]:
    """The least and most that the full test's sensitivity and specificity can be on these people, were every missing item (relative, pregnancy, and
    the diagnosis of high blood pressure) answered in the worst or the best way: no assumption about who has them."""
    certain = without_pressure(people)
    most = certain + 2 + (people.x["sex"].to_numpy() == 0)
    low, high = at_cut(people.y, certain >= CUT, weight), at_cut(people.y, most >= CUT, weight)
    return {
        "sensitivity": {"low": round(low.sensitivity, 4), "high": round(high.sensitivity, 4)},
        "specificity": {"low": round(high.specificity, 4), "high": round(low.specificity, 4)},
    }
