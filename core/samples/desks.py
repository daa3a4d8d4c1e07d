"""This is the place where the sources of the sample records are rows: hospitals, practices and the apps people use at home."""

from __future__ import annotations

from core.samples.chart import Desk

INTERNAL = ("419192003", "Internal medicine", "内科")
GENERAL = ("394814009", "General practice", "全科")
CARDIOLOGY = ("394579002", "Cardiology", "心血管内科")
ENDOCRINE = ("394583002", "Endocrinology", "内分泌科")
RESPIRATORY = ("418112009", "Pulmonary medicine", "呼吸内科")
OBSTETRICS = ("394585009", "Obstetrics and gynecology", "妇产科")
PEDIATRICS = ("394537008", "Pediatric specialty", "儿科")
KIDNEY = ("394589003", "Nephrology", "肾内科")
PSYCHIATRY = ("394587001", "Psychiatry", "精神科")


def _us(name: str, organization: str, clinician: str, specialty: tuple[str, str, str], **packing: str) -> Desk:
    base = f"https://{name}.{organization.split()[0].lower()}.example.org/fhir"
    return Desk(name, base, (organization, ""), (clinician, ""), specialty, **packing)


def _cn(name: str, base: str, organization: str, clinician: str, specialty: tuple[str, str, str], **packing: str) -> Desk:
    return Desk(name, base, ("", organization), ("", clinician), specialty, **packing)


def _home(organization: str, organization_zh: str = "") -> Desk:
    return Desk(  # an app: nobody treats the person there
        "home",
        f"https://home.{organization.split()[0].lower()}.example.com/fhir/r4",
        (organization, organization_zh or organization),
        ("", ""),
        GENERAL,
        ids="key",
    )


RIVERBEND = _us("hospital", "Riverbend Heart Center", "Helen Park", CARDIOLOGY, bundle="searchset")
LAKESIDE = _us("hospital", "Lakeside University Hospital", "Omar Haddad", CARDIOLOGY, bundle="searchset")
PINE_RIDGE = _us("hospital", "Pineridge Lung Clinic", "Sara Lindqvist", RESPIRATORY, bundle="searchset")
COTTONWOOD = _us("gp", "Cottonwood Family Practice", "James Whitaker", GENERAL, ids="uuid")
SUNNYSIDE = _us("hospital", "Sunnyside Childrens Hospital", "Priya Raman", PEDIATRICS, bundle="searchset")
MESA = _us("gp", "Mesa Pediatrics", "Luis Ortega", PEDIATRICS, ids="uuid", bundle="transaction")
HARBOR = _us("gp", "Harbor Community Clinic", "Grace Kim", GENERAL, ids="uuid")
ORCHARD = _us("hospital", "Orchard Behavioral Health", "Nadia Petrov", PSYCHIATRY, bundle="searchset")
PUJIANG = _cn("hospital", "https://fhir.pujiang-hospital.example.cn/r4", "浦江示范医院", "周慧敏", ENDOCRINE)
XIHU = _cn("hospital", "https://fhir.xihu-fuyou.example.cn/r4", "西湖妇幼示范医院", "沈雅琴", OBSTETRICS, bundle="searchset")
YANJING = _cn("hospital", "https://fhir.yanjing-hospital.example.cn/r4", "燕京示范医院", "高志远", KIDNEY, bundle="searchset")
HEPING = _cn("gp", "https://fhir.heping-community.example.cn/r4", "和平里社区卫生服务中心", "刘春燕", GENERAL, ids="uuid")
BEAT_DIARY = _home("Beatdiary Home App")
SCALE_LINK = _home("Scalelink Remote Monitoring")
BREATHE = _home("Breathe Home App")
SUGAR_DIARY = _home("Sugardiary App", "糖记 App")
BUMP_DIARY = _home("Bumpdiary App", "孕期日记 App")
STRIDE = _home("Stride Watch")
MOOD = _home("Mooddiary App")
