"""This is the place where the signs stand that need help at once, each with what limits it, who says so, and whether that was read.

What to do is said in words (`flag.<key>.do_<n>`), in the order in which it is done. A status "unchecked" is from memory and says so on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass

EMERGENCY, CRISIS = "emergency", "crisis"


@dataclass(frozen=True, slots=True)
class RedFlag:
    """A sign: `call` says which number comes first, `steps` how many things there are to do, `limits` the numbers its words name."""

    key: str
    steps: int
    source: str
    status: str = "unchecked"
    call: str = EMERGENCY
    limits: tuple[tuple[str, float], ...] = ()

    def limit(self, name: str) -> float:
        return dict(self.limits)[name]


FLAGS = (
    RedFlag("chest_pain", 3, "American Heart Association, Early warning signs of a heart attack or stroke (heart.org)", "verified"),
    RedFlag("stroke", 3, "Heart and Stroke Foundation of Canada, FAST signs of stroke (heartandstroke.ca)", "verified"),
    RedFlag("suicide", 3, "988 Suicide & Crisis Lifeline, SAMHSA: call, and do not stay alone", call=CRISIS),
    RedFlag("breathing", 3, "Heart and Stroke Foundation of Canada, When to call (heartandstroke.ca): breathing that isn't normal"),
    RedFlag("fainting", 3, "European Resuscitation Council, first aid: recovery position"),
    RedFlag("bleeding", 3, "Self Injury Support, First aid for severe bleeding (selfinjurysupport.org.uk)", "verified"),
    RedFlag("allergy", 3, "Anaphylaxis UK, What to do in an emergency (anaphylaxis.org.uk)", "verified"),
    RedFlag("low_glucose", 3, "American Diabetes Association, Standards of Care: level 2 hypoglycaemia; first aid from memory", limits=(("mg", 54), ("mmol", 3.0))),
    RedFlag("high_pressure", 3, "AHA/ACC: severe hypertension; list of signs from memory", limits=(("upper", 180), ("lower", 120))),
    RedFlag("low_oxygen", 3, "Royal College of Physicians, NEWS2 (2017): oxygen saturation that scores 3; at home from memory", limits=(("percent", 91),)),
    RedFlag("seizure", 3, "Epilepsy Foundation, seizure first aid", limits=(("minutes", 5),)),
    RedFlag("poisoning", 3, "World Health Organization, poisons centres: call at once, bring the package"),
)
"""What is most often meant first."""

BY_KEY = {one.key: one for one in FLAGS}
KEYS = tuple(BY_KEY)
