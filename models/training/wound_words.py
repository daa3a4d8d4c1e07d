"""This is the place where the card of the wound model is worded, in English and Chinese. Figures are put in from the report."""

from __future__ import annotations

from core.domain.check_card import Said


def said(en: str, zh: str) -> Said:
    return {"en": en, "zh_Hans": zh}


CITATION = "Wang C, Anisuzzaman DM, Williamson V, et al. Sci Rep 2020;10:21897; FUSeg challenge 2021; github.com/uwm-bigdata/wound-segmentation"
NAME = said("Wound size", "伤口大小")
MEANING = said(
    "It draws the outline of a wound on a photo and says how much of the photo it fills; in square centimetres where the printed square or a named coin lies "
    "beside it. It does not say what kind of wound it is, nor how it is doing.",
    "它在照片上勾画伤口的轮廓，给出伤口占照片的比例；如果旁边放有打印的方块或指定的硬币，还会给出平方厘米数。它不判断伤口的种类，也不判断伤口的好坏。",
)
LIMITS = said(
    "This is a research model. It learnt from {photos} photos of foot ulcers from one clinic. On {test} photos kept back, half of the sizes were within {off} % of "
    "what clinicians drew and three quarters within {quarter} %. A size without a square or coin depends on how near the camera was.",
    "这是一个研究模型。它从一家诊所的 {photos} 张足部溃疡照片中学习。在留作测试的 {test} 张照片上，一半的面积与医护人员勾画的相差不超过 {off}%，"
    "四分之三不超过 {quarter}%。没有方块或硬币时，大小取决于拍摄的远近。",
)
FAILURES = (
    said(
        "It can miss a wound: on the photos kept back it drew nothing on {missed} of 100 photos with one. No outline never means no wound.",
        "可能漏掉伤口：在留作测试、有伤口的照片中，每 100 张有 {missed} 张它什么也没有画出。没有轮廓绝不表示没有伤口。",
    ),
    said(
        "Small wounds, less than half a hundredth of the photo, are drawn worst (overlap {small} of 100): come closer.",
        "面积不到照片千分之五的小伤口画得最差（重叠度 {small}/100）：请靠近一些拍。",
    ),
    said(
        "Red things that are no wound (painted nails, a rash, a scar, a healed spot, blood on a dressing) may be drawn as one.",
        "不是伤口的红色部位（涂色的指甲、皮疹、疤痕、已愈合处、敷料上的血迹）可能被当成伤口。",
    ),
    said(
        "Skin tone was not recorded. By what the photos look like, {dark} of {test} kept back show dark skin: too few to say how well it works there.",
        "数据没有记录肤色。从照片看，留作测试的 {test} 张中有 {dark} 张为深色皮肤，数量太少，无法说明它在深色皮肤上的效果。",
    ),
    said(
        "A wound that goes round a limb, or is deep, has a larger surface than a photo shows.",
        "环绕肢体或较深的伤口，实际面积大于照片所显示的。",
    ),
)
NOT_FOR = (
    said("Deciding whether a wound is infected, or how to treat it", "用于判断伤口是否感染或如何治疗"),
    said(
        "Burns, bites, fresh cuts, surgical wounds: none were among the photos it learnt from",
        "烧伤、咬伤、新鲜割伤、手术伤口：学习所用的照片中没有这些",
    ),
    said(
        "Emergencies: bleeding that does not stop, fever, a foot that turns cold or black", "急症：出血不止、发热、足部变冷或发黑"
    ),
)
ATTRIBUTES: dict[str, Said] = {
    "developer": said("The Healthboard project", "Healthboard 项目"),
    "output": said(
        "An outline, its share of the photo, square centimetres where something of known size lies there; or why nothing is said",
        "轮廓、占照片的比例；旁边有已知大小的物体时给出平方厘米数；或不作判断的原因",
    ),
    "output_type": said("A measurement", "测量值"),
    "intended_use": said(
        "To follow the size of one wound over weeks, looked at by a care team", "用于在数周内跟踪同一伤口的大小，由医护团队查看"
    ),
    "intended_people": said("Adults with a chronic wound of the foot or leg", "足部或小腿有慢性伤口的成年人"),
    "intended_users": said(
        "Patients and those who care for them, and the care team that reviews every photo",
        "患者及其照护者，以及审阅每张照片的医护团队",
    ),
    "decision_role": said("It informs; a person decides", "仅供参考，由人作决定"),
    "cautioned": said(
        "Not for anyone whose wound bleeds, smells, spreads or comes with fever: they need to be seen",
        "伤口出血、有异味、扩大或伴有发热的人不应使用：应当就诊",
    ),
    "limitations": said(
        "One clinic in the United States, foot ulcers only; photos of 256 pixels; people could not be told apart, so only near-duplicates were kept together",
        "数据来自美国一家诊所，仅足部溃疡；照片为 256 像素；无法区分不同的人，只能把近似重复的照片放在一起",
    ),
    "criteria": said("Photos with an outline drawn by wound specialists", "由伤口专科人员勾画轮廓的照片"),
    "variables": said("The photo alone", "仅使用照片"),
    "validity_test": said(
        "{test} photos in {groups} groups of near-duplicates, kept back until the end: mean overlap (Dice) {dice} of 100",
        "{test} 张照片（{groups} 组近似重复），留到最后才测试：平均重叠度（Dice）{dice}/100",
    ),
}
