"""This is the place where the names stand by which people call a signal, and the columns, in a table of their own."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from core.domain.samples import ESTIMATED, MANUAL, UNSURE, UNVALIDATED
from core.domain.signal import Signal
from core.domain.signals import SIGNALS, by_loinc

PARTS = {
    "time": "timestamp|datetime|date_time|date time|date/time|time|start|start_time|start time|startdate|recorded_at|measured_at|when|时间|日期时间",
    "date": "date|day|日期",
    "end": "end|end_time|end time|enddate|until|结束时间",
    "value": "value|reading|result|measurement|amount|值|数值",
    "unit": "unit|units|uom|单位",
    "signal": "signal|type|measure|metric|name|code|loinc|parameter|kind|指标|项目",
    "device": "device|source|device_name|device name|sourcename|设备|来源",
    "subject": "subject|person|id|user|user_id|patient|patient_id|subject_id|participant|participant_id",
    "quality": "quality|flag|flags|质量",
}
QUALITY = {
    "": 0, "ok": 0, "good": 0, "valid": 0, "measured": 0, "0": 0, "manual": MANUAL, "entered": MANUAL, "estimated": ESTIMATED,
    "estimate": ESTIMATED, "unsure": UNSURE, "low": UNSURE, "uncertain": UNSURE, "unvalidated": UNVALIDATED,
}  # fmt: skip

_WRITTEN = {
    "hr": "heart rate|heartrate|heart_rate|pulse|pulse rate|bpm|心率|脉搏|脈搏",
    "rhr": "resting heart rate|resting_heart_rate|resting pulse|resting hr|静息心率|靜息心率",
    "rr": "respiratory rate|respiratory_rate|breathing rate|respiration|respiration rate|呼吸频率|呼吸率",
    "spo2": "oxygen saturation|oxygen_saturation|blood oxygen|o2 saturation|sao2|spo₂|血氧|血氧饱和度",
    "temp": "temperature|body temperature|body_temperature|体温|體溫",
    "sbp": "systolic|systolic blood pressure|systolic_blood_pressure|sys|收缩压|收縮壓|高压",
    "dbp": "diastolic|diastolic blood pressure|diastolic_blood_pressure|dia|舒张压|舒張壓|低压",
    "weight": "body weight|body_weight|body mass|体重|體重",
    "height": "body height|body_height|身高",
    "bmi": "body mass index|body_mass_index|体质指数|体重指数",
    "waist": "waist circumference|waist_circumference|腰围",
    "glucose": "blood glucose|blood_glucose|blood sugar|bg|血糖",
    "cgm_glucose": "cgm|cgm glucose|sensor glucose|sensor_glucose|interstitial glucose|continuous glucose|动态血糖",
    "steps": "step|step count|step_count|stepcount|步数|步數",
    "distance": "distance walked|距离|距離",
    "energy_active": "active energy|active_energy|active calories|active_calories|active energy burned|活动能量",
    "energy_total": "total energy|total calories|total_calories|calories burned|总消耗",
    "energy_basal": "basal energy|resting energy|basal calories|resting calories",
    "active_minutes": "active minutes|active time|活动时间",
    "sedentary_minutes": "sedentary minutes|sedentary time",
    "floors": "floors climbed|flights climbed|爬楼层数",
    "sleep": "sleep duration|sleep_duration|total sleep|sleep time|time asleep|睡眠|睡眠时间|睡眠时长",
    "sleep_deep": "deep sleep|深睡|深度睡眠",
    "sleep_light": "light sleep|浅睡|浅度睡眠",
    "sleep_rem": "rem sleep|快速眼动睡眠",
    "sleep_stage": "sleep stage|sleep stages|睡眠阶段",
    "hrv_rmssd": "rmssd|hrv rmssd|hrv (rmssd)",
    "hrv_sdnn": "sdnn|hrv sdnn|hrv (sdnn)",
    "vo2max": "vo2 max|vo2_max|vo₂max|vo2max|最大摄氧量",
    "body_fat": "body fat|body fat percentage|body_fat_percentage|fat percentage|体脂|体脂率",
    "lean_mass": "lean mass|lean body mass|lean_body_mass|瘦体重",
    "peak_flow": "peak flow|peak expiratory flow|pef|pefr|峰流速",
    "skin_temp": "skin temperature|skin_temperature|皮肤温度",
    "skin_temp_change": "skin temperature change|temperature deviation|skin temperature deviation",
    "pain": "pain score|pain level|疼痛",
    "mood": "mood score|心情|情绪",
    "hba1c": "a1c|hemoglobin a1c|haemoglobin a1c|糖化血红蛋白",
}

NAMES: Mapping[str, str] = MappingProxyType({name: key for key, names in _WRITTEN.items() for name in names.split("|")})
"""Folded name -> key of the signal. "HRV" alone is not among them: RMSSD and SDNN are two things."""


def signal_of(written: str) -> Signal | None:
    """The signal somebody means by its key, a LOINC code or a name; None where it is none that holds a number."""
    text = written.strip()
    name = text.casefold()
    row = SIGNALS.get(name) or by_loinc(text.removeprefix("http://loinc.org|")) or SIGNALS.get(NAMES.get(name, ""))
    return row if row is not None and row.unit else None
