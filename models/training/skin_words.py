"""This is the place where the sentences of the skin-spot model's card stand, in English and Chinese; {holes} are filled with figures."""

from __future__ import annotations

Pair = tuple[str, str]

NAME: Pair = ("Skin spot check", "皮肤斑点检查")
MEANING: Pair = (
    (
        "It compares a phone photo of one spot with {items} photos of {people} people. It gives your team a hint: show it to a clinician soon, keep watching, or "
        "can't say. It is not a diagnosis."
    ),
    "它把一处斑点的手机照片与{people}人的{items}张照片作比较，给您的医护团队一个提示：尽快给医生看、继续观察，或无法判断。它不是诊断。",
)
LIMITS: Pair = (
    (
        'It was tried on few people. Very dark skin (types V and VI) was not among them, so it never says "keep watching" there. If your skin type is not '
        "given, remember this. A spot that grows, changes or bleeds should be seen by a clinician, whatever the check says."
    ),
    "试验的人很少，其中没有很深的肤色（V型和VI型），因此对这些肤色它从不说“继续观察”。如果没有填写肤色类型，请记住这一点。斑点若长大、变化或出血，无论检查结果如何，都应请医生查看。",
)
FAILURES: tuple[Pair, ...] = (
    (
        "It can miss a cancer: of 100 photos to show soon it had not seen, about {missed} lay below its line. There were only {melanomas} melanomas in the data.",
        "它可能漏掉癌症：在它没见过的、应尽快就诊的照片中，每100张约有{missed}张落在线以下。数据中黑色素瘤只有{melanomas}例。",
    ),
    (
        "No photo of skin types V and VI, and only {type_four} of type IV: for darker skin hardly anything is known.",
        "没有V型和VI型肤色的照片，IV型只有{type_four}张：对较深的肤色几乎一无所知。",
    ),
    (
        "Of 100 harmless spots about {alarmed} lie above its line: many people are asked to show a spot that turns out to be harmless.",
        "每100处无害的斑点中约有{alarmed}处落在线以上：许多人会被请去给医生看，结果却是无害的。",
    ),
    (
        "The photos come from one clinic programme in Brazil, of spots that somebody already wanted looked at, and are cut close around the spot. Other places, phones and spots may differ.",
        "照片来自巴西的一个门诊项目，拍的是本来就有人想请医生看的斑点，而且裁得很近。换了地方、手机或斑点，结果可能不同。",
    ),
    (
        "Not every photo through a dermatoscope is noticed as such (of 256 that were looked at, about one in seventeen was not by its light), and an answer about one means nothing: it never learned from such photos.",
        "用皮肤镜拍的照片并非都能被识别出来（查看过的 256 张中，凭光线约每 17 张有 1 张未被识别），而对它的回答没有任何意义：模型从未用这类照片学习过。",
    ),
    (
        "It knows six kinds of spot. A rash, a wound, an infection or a rarer cancer is none of them, and it may still answer.",
        "它只认识六种斑点。皮疹、伤口、感染或较少见的癌症都不在其中，但它仍可能作出回答。",
    ),
)  # fmt: skip
NOT_FOR: tuple[Pair, ...] = (
    ("Not to rule out cancer.", "不用于排除癌症。"),
    ("Not for photos through a dermatoscope or a microscope.", "不用于皮肤镜或显微镜照片。"),
    ("Not for rashes, wounds, nails, or the inside of the mouth.", "不用于皮疹、伤口、指甲或口腔内部。"),
)
ATTRIBUTES: dict[str, Pair] = {
    "developer": ("The Healthboard project.", "Healthboard 项目。"),
    "output": MEANING,
    "output_type": ("A class in words with a calibrated probability that clinicians see.", "以文字表示的类别，附有供医生查看的校准概率。"),
    "intended_use": ("To help a care team choose whose photo to look at first.", "帮助医护团队决定先看谁的照片。"),
    "intended_people": ("Adults with one spot that they can photograph, skin types I to IV.", "能拍下一处斑点的成年人，肤色I至IV型。"),
    "intended_users": ("Patients, and the clinicians who review every photo.", "患者，以及审阅每张照片的医生。"),
    "decision_role": ("It informs. A clinician decides.", "仅供参考，由医生决定。"),
    "limitations": LIMITS,
    "variables": ("The photo alone. Age, place and symptoms were tried and did not help enough ({fusion}); they are not used.", "只用照片。年龄、部位和症状试过，帮助不够（{fusion}），因此没有使用。"),
    "representativeness": ("PAD-UFES-20: phone photos from Brazil, mostly skin types I to III; skin type unknown for {type_unknown} photos.", "PAD-UFES-20：来自巴西的手机照片，多为I至III型肤色；{type_unknown}张照片的肤色类型未知。"),
    "validity_test": ("On {test_people} people kept back to the end: AUROC {test_auroc}. Of people not seen in cross-validation: {cv_auroc}.", "在一直留到最后的{test_people}人中：AUROC {test_auroc}。交叉验证中未见过的人：{cv_auroc}。"),
}  # fmt: skip
