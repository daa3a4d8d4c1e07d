"""This is the place where the card of the rhythm model is worded, in English and Chinese. Figures are put in from the report."""

from __future__ import annotations

from core.domain.check_card import Said


def said(en: str, zh: str) -> Said:
    return {"en": en, "zh_Hans": zh}


NAME = said("Pulse rhythm check", "脉搏节律检查")
MEANING = said(
    "It looks at ten seconds of a pulse waveform and says whether the rhythm may be irregular in the way of atrial fibrillation. "
    "That needs an ECG: a pulse waveform cannot show it for certain.",
    "它查看十秒钟的脉搏波形，判断节律是否可能像心房颤动那样不规则。这需要做心电图确认：仅凭脉搏波形无法确定。",
)
LIMITS = said(
    "This is a research model. It learnt from {dev} people who were in hospital for treatment of a heart rhythm, and was tested on {test} others from the same "
    'hospital. It says nothing about a heart attack, a stroke or a faint. "No irregularity seen" does not mean that your rhythm is normal.',
    "这是一个研究模型。它从 {dev} 位因心律失常住院治疗的人的数据中学习，并用同一家医院的另外 {test} 人测试。它不能提示心肌梗死、中风或晕厥。"
    "“未见不规则”并不表示您的心律正常。",
)
FAILURES = (
    said(
        "Atrial fibrillation can be missed: on the people kept back it found {sensitivity} of 100 segments with it, and it comes and goes.",
        "可能漏掉心房颤动：在留作测试的人中，每 100 段有房颤的信号它找到 {sensitivity} 段；而且房颤时有时无。",
    ),
    said(
        "Early beats look like it: of 100 segments with extra beats it called {ectopic} atrial fibrillation on the people kept back.",
        "早搏与它相似：在留作测试的人中，每 100 段有早搏的信号有 {ectopic} 段被误认为房颤。",
    ),
    said(
        "A fast regular rhythm, also a dangerous one, is not what it looks for: it stays uncertain, and says nothing.",
        "规则而快速的心律（包括危险的心律）不在它的识别范围内：它会给出“不确定”，不作判断。",
    ),
    said(
        "A hand that moves, cold fingers or a loose sensor spoil the signal; the quality check catches most of it, not all.",
        "手部活动、手指冰冷或传感器松动都会破坏信号；质量检查能发现大部分，但不是全部。",
    ),
)
NOT_FOR = (
    said("Deciding on treatment, such as blood thinners", "用于决定治疗，例如是否使用抗凝药"),
    said("Emergencies: chest pain, fainting, weakness of one side of the body", "急症：胸痛、晕厥、一侧肢体无力"),
    said(
        "Children, people with a pacemaker, pregnant women: none were known to be in the data",
        "儿童、装有心脏起搏器的人、孕妇：已知数据中没有这些人",
    ),
)
NO_LICENCE = "none stated"
CITATION = "Liu Z, Zhou B, Jiang Z, et al. J Am Heart Assoc 2022;11:e023555; github.com/zdzdliu/PPGArrhythmiaDetection"

ATTRIBUTES: dict[str, Said] = {
    "developer": said("The Healthboard project", "Healthboard 项目"),
    "output": said(
        "For each ten seconds: possibly irregular (needs an ECG), no irregularity seen, or why nothing is said; for clinicians the probability of six rhythms",
        "每十秒一个结果：可能不规则（需做心电图）、未见不规则，或不作判断的原因；临床人员还可看到六种心律的概率",
    ),
    "output_type": said("A calibrated probability and a decision with an abstain band", "经校准的概率，以及带“不作判断”区间的判断"),
    "intended_use": said(
        "A hint for a care team which pulse recordings to look at first, and whom to offer an ECG",
        "提示医护团队先看哪些脉搏记录、给谁安排心电图",
    ),
    "intended_people": said(
        "Adults at rest, a finger or wrist sensor, 25 Hz or more", "静息状态的成年人，手指或腕部传感器，采样率不低于 25 Hz"
    ),
    "intended_users": said("Patients, and the care team that reviews every result", "患者，以及审阅每个结果的医护团队"),
    "decision_role": said(
        "It informs; a person decides. It never orders, and nothing is closed by it",
        "仅供参考，由人作决定。它不会开立任何医嘱，也不会自行结束任何事项",
    ),
    "cautioned": said(
        "Not for anyone with symptoms now: they need help, not a check", "现在有症状的人不应使用：他们需要的是救助，而不是检查"
    ),
    "limitations": said(
        "{all} people of one hospital, all there for ablation of an arrhythmia; clean segments chosen by its authors; age, sex and skin colour are not in the data",
        "{all} 人，均来自一家医院，都因心律失常接受消融治疗；数据作者挑选了干净的片段；数据不含年龄、性别和肤色",
    ),
    "criteria": said(
        "Ten-second segments labelled by two cardiologists from the ECG recorded at the same time",
        "十秒片段，由两位心脏科医师根据同步心电图标注",
    ),
    "variables": said("The pulse waveform alone, 0.5 to 8 Hz", "仅脉搏波形，0.5 至 8 Hz"),
    "representativeness": said(
        "Not of the public: atrial fibrillation was in {share} of 100 segments", "不代表一般人群：每 100 段中有 {share} 段为房颤"
    ),
    "relevance": said("The rhythms that are mistaken for one another are all in the data", "容易相互混淆的心律在数据中都有"),
    "fairness_approach": said(
        "None possible by age, sex or skin colour: the data do not say them", "无法按年龄、性别或肤色分析：数据中没有这些信息"
    ),
    "bias_reduction": said(
        "Each person and each rhythm counts alike in training, so that nobody's many segments drown the others",
        "训练时平衡每个人和每种心律的权重，避免个别人的大量片段占主导",
    ),
    "validity_test": said(
        "{test} people kept back and tested once; cross-validation by person over {dev}; intervals by drawing people again",
        "保留 {test} 人仅测试一次；在 {dev} 人上按人交叉验证；区间通过按人重抽样得到",
    ),
    "validity_monitoring": said(
        "Agreement with clinicians and drift are shown on the Models page", "与临床判断的一致程度及漂移显示在“模型”页面"
    ),
    "updates": said(
        "Trained again from confirmed and overruled checks with one command, and only after review",
        "可用一条命令以已确认和被推翻的检查重新训练，须经审核",
    ),
}
