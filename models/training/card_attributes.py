"""This is the place where the 31 source attributes of the card are answered, in English and Chinese, or said to be not available and why.

The list of attributes is 45 CFR 170.315(b)(11)(iv)(B), in our own words; keys and groups are those of core/risk/model_card.py.
"""

from __future__ import annotations

from models.training.card_words import MEANING, Pair

ANSWERS: dict[str, Pair | str] = {
    "developer": (
        "The Healthboard project; questions go to whoever runs this Healthboard, and to the project's issue list.",
        "Healthboard 项目；如有疑问，请联系本 Healthboard 的运营方，或在项目的问题列表中提出。",
    ),
    "funding": "nobody_funded",
    "output": MEANING,
    "output_type": (
        "A classification in words (more alike / no more alike / says nothing), from a probability that is not shown.",
        "以文字表示的分类（更相似／并不更相似／说明不了什么），由一个不显示的概率得出。",
    ),
    "intended_use": (
        "To show, beside published questionnaires, what a model trained on survey data can and cannot say.",
        "与已发表的问卷并列，让人看到用调查数据训练的模型能说什么、不能说什么。",
    ),
    "intended_people": (
        "Adults of 20 to 79 years who have not been told that they have diabetes, are not pregnant, and whose measurements lie in the ranges of this card.",
        "20至79岁、未被告知患有糖尿病、未怀孕、且各项数值在本卡所列范围内的成年人。",
    ),
    "intended_users": (
        "Patients, and the clinicians they show it to.",
        "患者，以及看到此结果的医生。",
    ),
    "decision_role": (
        "It informs only. It augments or replaces no decision.",
        "仅供了解，不辅助也不替代任何决定。",
    ),
    "cautioned": (
        ("Not for people who have been told that they have diabetes, not in pregnancy, not under 20 or from 80 on, not to rule diabetes out, not outside the ranges of this card "
        "(it declines then). Do not ask it what a change of weight or blood pressure would do: it compares people, it does not follow them."),
        "不用于已被告知患有糖尿病的人、孕妇、20岁以下或80岁及以上者，不用于排除糖尿病，也不用于超出本卡范围的数值（此时它拒绝回答）。不要用它推算体重或血压改变后的结果：它比较的是不同的人，而不是同一个人的变化。",
    ),
    "limitations": (
        ("Trained on people already told, not on undiscovered diabetes. Overlooks many under 60, singles out nearly everybody from 60 on, where its answer hardly changes with age. Probabilities too high for the population. "
        "All failures known to us stand on this page."),
        "以已被告知者而非未查出者训练；60岁以下漏掉许多人，60岁起几乎把所有人都归入，且结果几乎不随年龄变化；概率对整体人群偏高。已知的全部缺陷都列在本页。",
    ),
    "criteria": (
        ("In: {kept} of {adults} adults of 20 to 79 years in the survey. Left out: pregnancy, age 80 and over (recorded only as \"80\"), unknown label, and {unknown} people of whom one of the "
        "answers or measurements was missing ({unknown_told} of 100 of them had been told, as of the others {told}). Nothing was filled in."),
        "纳入：调查中{adults}名20至79岁成年人里的{kept}名。排除：孕妇、80岁及以上（数据中一律记为80）、标记不明者，以及{unknown}名有一项回答或测量缺失者（其中每100人有{unknown_told}人被告知，其余的人为{told}人）。没有填补任何缺失值。",
    ),
    "variables": (
        "Age and sex (as the survey recorded it) are inputs. Race, ethnicity, language, sexual orientation, gender identity, income, schooling and general health are not.",
        "年龄与性别（以调查记录为准）是输入项。种族、族裔、语言、性取向、性别认同、收入、教育程度和总体健康状况都不是。",
    ),
    "representativeness": (
        ("A sample of the United States population outside institutions in 2009–2010, with more people of Mexican, other Hispanic and Black groups than live there. Sex, age and those groups are known; "
        "language, orientation and gender identity are not. Asian people are part of \"other\"."),
        "2009–2010年美国非机构居住人口的样本，墨西哥裔、其他西语裔和黑人的比例高于实际人口。性别、年龄和这些群体为已知；语言、性取向、性别认同未知。亚裔归在“其他”之中。",
    ),
    "relevance": (
        ("Low for anyone outside the United States, and seventeen years old. The survey measured blood pressure in an examination room; you measure at home, where it is usually lower. "
        "\"Active\" there meant sports or fitness in leisure time."),
        "对美国以外的人参考价值低，且数据已有十七年之久。调查在检查室测血压；您在家测量，数值通常较低。那里的“有运动”指闲暇时的体育健身。",
    ),
    "fairness_approach": (
        "Race and ethnicity are no inputs. Figures are given by sex, age and ethnicity, and where the answer means nothing for an age, none is given.",
        "种族和族裔不作为输入。各项指标按性别、年龄和族裔分别列出；若结果对某个年龄没有意义，就不给出。",
    ),
    "bias_reduction": (
        "Measured, not removed: neighbours stay together in all splits, figures also weighted to the population, probabilities withheld because they are too high for some groups.",
        "只作了测量，未加消除：划分数据时同一地点的人始终在一起，指标同时按人口加权；因概率对某些群体偏高而不予显示。",
    ),
    "external_source": "no_external_data",
    "external_party": "no_external_data",
    "external_representativeness": "no_external_data",
    "external_process": "no_external_data",
    "validity_test": (
        ("On {test_people} people kept back ({test_told} told): AUROC {auroc}; weighted to the population {auroc_weighted}. At the line {sensitivity} of 100 told people lie above it and {specificity} of 100 others "
        "below. Slope of calibration {slope}. The ADA items that the survey has: AUROC {ada_auroc}. Of {recent} people told within two years {recent_sensitivity} of 100 lie above the line."),
        ("在留出的{test_people}人（其中{test_told}人被告知）中：AUROC {auroc}；按人口加权为{auroc_weighted}。在该界线上，每100名被告知者有{sensitivity}人在线以上，其余的人每100名有{specificity}人在线以下。校准斜率{slope}。"
        "用调查中现有的ADA条目：AUROC {ada_auroc}。两年内才被告知的{recent}人中，每100人有{recent_sensitivity}人在线以上。"),
    ),
    "fairness_test": (
        "AUROC: {by_group}. Groups with fewer than ten told people are only counted.",
        "AUROC：{by_group}。被告知者不足十人的群体只计人数。",
    ),
    "validity_external": "no_external_data",
    "fairness_external": "no_external_data",
    "outcome_evaluations": "never_studied",
    "validity_monitoring": "not_monitored",
    "validity_local": "not_monitored",
    "fairness_monitoring": "not_monitored",
    "fairness_local": "not_monitored",
    "updates": (
        "No fixed rhythm. A new version gets a new number, new figures and an entry in the list of changes.",
        "没有固定周期。新版本会有新的版本号、新的指标，并记入更新日志。",
    ),
    "corrections": (
        "When a fault is reported: it is looked into, and until then the model can be taken out by removing its files; the page then says that it cannot answer.",
        "接到问题报告即进行核查；在此之前可移除模型文件使其停用，页面会说明它无法回答。",
    ),
}  # fmt: skip
