"""This is the place where the card's own sentences stand, in English and Chinese; {holes} are filled with figures when the card is written."""

from __future__ import annotations

Pair = tuple[str, str]

NAME: Pair = ("How alike are you to people who have been told that they have diabetes?", "您与已被告知患有糖尿病的人有多相似？")

MEANING: Pair = (
    ("This compares your answers with those of {dev_people} adults of a survey in the United States (2009–2010). It says how alike you are to those who "
    "had been told by a doctor that they have diabetes. It is not the chance that you have diabetes without knowing it."),
    "这里把您的回答与美国一项调查（2009–2010年）中{dev_people}名成年人的回答作比较，看您与其中“医生说过患有糖尿病”的人有多相似。它不是“您患有糖尿病却不自知”的可能性。",
)

STATUS: Pair = (
    "An experiment. Do not decide anything by it. The published questionnaires beside it (FINDRISC, ADA, Chinese score) come first.",
    "这是一项试验，请勿据此作任何决定。应以旁边已发表的问卷（FINDRISC、ADA、中国糖尿病风险评分）为准。",
)

FAILURES: tuple[Pair, ...] = (
    (
        ("It never saw anybody with diabetes that was not yet found. The survey table has no blood sugar and no HbA1c. Its only mark is whether a doctor had "
        "told the person. So it learned what people look like after the diagnosis, many of them treated."),
        "它从未见过尚未查出的糖尿病患者。调查数据里没有血糖，也没有糖化血红蛋白，唯一的标记是医生是否告诉过本人。因此它学到的是确诊之后的样子，其中许多人正在接受治疗。",
    ),
    (
        "Some of those counted as \"not told\" had diabetes and did not know. They teach it to overlook the very people one would look for.",
        "被算作“没有被告知”的人当中，有些其实已患病而不自知。他们会让它漏掉最该找出的人。",
    ),
    (
        ("Cause and effect are mixed. People who are told often lose weight, move more or less, and take tablets for blood pressure. A lower second blood-pressure "
        "number counts as more alike here. That is a trace of age and treatment, not a reason to worry about it or to change it."),
        "因与果混在一起。被告知之后，人们往往会减重、改变活动量、服用降压药。在这里，舒张压较低反而显得“更相似”，那是年龄和治疗留下的痕迹，不值得为此担心，也不该为此去改变它。",
    ),
    (
        ("Under 60 it overlooks too many: of 100 told people aged 40 to 59 about {missed_40} lie below the line, and most of those under 40. Below the line it therefore "
        "says nothing at these ages."),
        "在60岁以下，它漏掉的人太多：40至59岁被告知者中，每100人约有{missed_40}人在线以下；40岁以下则大多数在线以下。因此在这些年龄，线以下它什么也不说。",
    ),
    (
        "From 60 on nearly everybody lies above the line ({flagged_60} of 100 people never told). Above the line it therefore says nothing at this age.",
        "60岁起几乎人人都在线以上（从未被告知的人中，每100人约有{flagged_60}人）。因此在这个年龄，线以上它什么也不说。",
    ),
    (
        ("Its probabilities are too high for the United States as a whole, and most of all for people the survey calls white: the survey asked more people of groups "
        "that have diabetes more often. So no probability is shown."),
        "就美国全体人口而言，它给出的概率偏高，对调查中称为“白人”的人尤其如此，因为调查有意多访问了糖尿病较多的人群。所以这里不显示概率。",
    ),
    (
        "It does not know about diabetes in your family, diabetes in a pregnancy, waist, or earlier high blood sugar. These matter, and the survey table lacks them.",
        "它不了解您的家族糖尿病史、妊娠糖尿病史、腰围以及是否曾有高血糖。这些都很重要，但数据中没有。",
    ),
    (
        "The people were asked in one country, in 2009–2010. Asian people were too few to be counted apart. For people in China nothing was tested.",
        "这些人来自同一个国家，年代是2009–2010年；亚裔人数太少，无法单独统计。未在中国人群中做过任何检验。",
    ),
)  # fmt: skip

REFERENCE: Pair = (
    "a person of your age and sex whose other answers are those of the middle of the survey's adults",
    "与您同龄、同性别、其余各项均处于调查成年人中间水平的人",
)

BANDS: dict[str, Pair] = {
    "more_alike": (
        ("Your answers are more like those of people who have been told that they have diabetes than most people's. It is worth asking for a blood test: "
        "only a blood test (HbA1c or blood sugar) can tell."),
        "与多数人相比，您的回答更接近已被告知患有糖尿病的人。值得去问一下要不要验血：只有验血（糖化血红蛋白或血糖）才能知道。",
    ),
    "no_more_alike": (
        "Your answers are no more like those of people who have been told than most people's. That does not rule out diabetes. Go by the questionnaires beside it.",
        "与多数人相比，您的回答并不更接近已被告知患病的人。这不能排除糖尿病，请以旁边的问卷为准。",
    ),
    "says_nothing_below": (
        "This comparison says nothing for you. At your age it overlooks too many people for a low result to mean anything. Go by the questionnaires beside it.",
        "这项比较对您说明不了什么。在您这个年龄，它漏掉的人太多，结果低没有意义。请以旁边的问卷为准。",
    ),
    "says_nothing_above": (
        "This comparison says nothing for you. At your age nearly everybody is above its line. Go by the questionnaires beside it, and ask about a blood test at your next visit.",
        "这项比较对您说明不了什么。在您这个年龄，几乎人人都在它的线以上。请以旁边的问卷为准，下次就诊时问一下是否需要验血。",
    ),
}  # fmt: skip
