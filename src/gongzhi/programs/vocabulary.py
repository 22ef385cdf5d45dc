"""The words a program file may use, and the words it may not: closed lists, with what people call them."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as _p

from gongzhi.programs.types import Consenting, LimitUnit, Source, Subject

# Equal to the values of cases.types.StepKind, which stands above this part and can't be imported here.
STEPS = (
    "reported",
    "information_added",
    "sorted",
    "relocated",
    "accepted",
    "declined",
    "linked",
    "assigned",
    "task_added",
    "delegated",
    "returned",
    "ruled",
    "responded",
    "arrived",
    "fed_back",
    "started",
    "noted",
    "resolved",
    "task_withdrawn",
    "verified",
    "rework_ordered",
    "closed",
    "verdict_given",
    "reopened",
    "suspended",
    "resumed",
    "extension_asked",
    "extension_approved",
    "extension_refused",
    "supervised",
    "supervision_answered",
    "clock_warned",
    "clock_breached",
    "recalculated",
    "content_erased",
    "contact_revealed",
    "original_opened",
    "contents_held",
    "appointment_agreed",
    "appointment_held",
    "appointment_cancelled",
    "consent_renewed",
    "support_ended",
    "right_answered",
)
BOOKKEEPING = frozenset(
    {"clock_warned", "clock_breached", "recalculated", "content_erased", "suspended", "resumed"}
    | {"contact_revealed", "original_opened", "contents_held"}
    | {step for step in STEPS if step.startswith("extension")}
)
CLOCK_STEPS = tuple(step for step in STEPS if step not in BOOKKEEPING)  # may start or stop a clock

UNITS: Mapping[str, str | Promise] = {
    LimitUnit.SECONDS: _p("program file", "second"),
    LimitUnit.MINUTES: _p("program file", "minute"),
    LimitUnit.HOURS: _p("program file", "hour"),
    LimitUnit.WORKING_HOURS: _p("program file", "working hour"),
    LimitUnit.WORKING_DAYS: _p("program file", "working day"),
    LimitUnit.CALENDAR_DAYS: _p("program file", "calendar day"),
}
UNIT_SPELLINGS = {
    "秒": LimitUnit.SECONDS,
    "分": LimitUnit.MINUTES,
    "分钟": LimitUnit.MINUTES,
    "小时": LimitUnit.HOURS,
    "工作时": LimitUnit.WORKING_HOURS,
    "工作小时": LimitUnit.WORKING_HOURS,
    "工作日": LimitUnit.WORKING_DAYS,
    "个工作日": LimitUnit.WORKING_DAYS,
    "日": LimitUnit.CALENDAR_DAYS,
    "天": LimitUnit.CALENDAR_DAYS,
    "自然日": LimitUnit.CALENDAR_DAYS,
    **{unit.value: unit for unit in LimitUnit},
    **{unit.value.removesuffix("s"): unit for unit in LimitUnit},
}

SUBJECTS: Mapping[str, str | Promise] = {
    Subject.PUBLIC_SAFETY: _p("program file", "public safety"),
    Subject.FIRE: _p("program file", "fire safety"),
    Subject.TRAFFIC: _p("program file", "traffic"),
    Subject.FACILITIES: _p("program file", "public facilities"),
    Subject.ENVIRONMENT: _p("program file", "environment"),
    Subject.FOOD_AND_MEDICINE: _p("program file", "food and medicine"),
    Subject.SCHOOL: _p("program file", "schools"),
    Subject.HEALTH: _p("program file", "health"),
    Subject.LABOUR: _p("program file", "labour"),
    Subject.HOUSING: _p("program file", "housing"),
    Subject.COMMERCE: _p("program file", "commerce"),
    Subject.DISPUTE: _p("program file", "dispute"),
    Subject.EMERGENCY: _p("program file", "emergency"),
    Subject.SERVICE: _p("program file", "public service"),
}
SOURCES: Mapping[str, str | Promise] = {
    Source.RESIDENT: _p("program file", "resident"),
    Source.HOTLINE: _p("program file", "hotline"),
    Source.GRID_WORKER: _p("program file", "grid worker"),
    Source.DEPARTMENT: _p("program file", "department"),
    Source.DEVICE: _p("program file", "device"),
    Source.CELL: _p("program file", "neighbouring cell"),
}
SCOPES: Mapping[str, str | Promise] = {
    "case": _p("program file", "the whole case"),
    "task": _p("program file", "each task"),
}
FIELD_TYPES: Mapping[str, str | Promise] = {
    "text": _p("program file", "words"),
    "choice": _p("program file", "one of several"),
    "number": _p("program file", "number"),
    "date": _p("program file", "date"),
    "yes_no": _p("program file", "yes or no"),
}
EVIDENCE_TYPES: Mapping[str, str | Promise] = {
    "photo": _p("program file", "photo"),
    "note": _p("program file", "note"),
}
EVIDENCE_MOMENTS: Mapping[str, str | Promise] = {
    "resolved": _p("program file", "when done"),
    "verified": _p("program file", "when checked"),
}
CHECKERS: Mapping[str, str | Promise] = {
    "verifier": _p("program file", "verifier"),
    "dispatcher": _p("program file", "dispatcher"),
}
METHODS: Mapping[str, str | Promise] = {
    "on_site": _p("program file", "on site"),
    "call_back": _p("program file", "by calling back"),
}
PERSONAL_DATA: Mapping[str, str | Promise] = {
    "by_purpose": _p("program file", "kept as long as its purpose says"),
    "destroy_at_closing": _p("program file", "destroyed at closing"),
}
CONSENTING: Mapping[str, str | Promise] = {
    Consenting.PERSON: _p("program file", "the person"),
    Consenting.GUARDIAN: _p("program file", "the guardian"),
}
PUBLIC_LEVELS: Mapping[str, str | Promise] = {
    "none": _p("program file", "nothing without the receipt"),
    "status": _p("program file", "where it stands"),
    "summary": _p("program file", "where it stands, its public title, area and answers"),
}
SHARING: Mapping[str, str | Promise] = {
    "none": _p("program file", "never"),
    "conditional": _p("program file", "under an agreement"),
    "unconditional": _p("program file", "freely"),
}
LANGUAGES = {"zh": "zh-hans", "zh-hans": "zh-hans", "zh-hant": "zh-hant", "en": "en"}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# What the platform never does (docs: what Gongzhi never does). English words match whole parts of a name.
WATCHING = _words(
    "score scores rating rate_person rank ranking credit gps track tracking tracks trajectory whereabouts geolocation "
    "position latitude longitude lat lon face fingerprint biometric iris gait wristband bracelet mileage punch checkin "
    "check_in attendance suspicious stranger risk_level risk_score blacklist 积分 评分 打分 排名 信用分 信用等级 风险等级 "
    "人员等级 轨迹 行踪 定位 经纬度 坐标 人脸 指纹 虹膜 步态 手环 打卡 考勤 里程 在线时长 可疑人 陌生人 黑名单"
)
OPINIONS = _words(
    "opinion opinions belief religion religious politics political ethnicity ethnic race petition petitioner protest "
    "assembly gathering speech sentiment ideology 宗教 信仰 信教 政治 政见 观点 思想动态 言论 舆情 网评 信访 上访 集会 游行 示威 "
    "民族 种族 党派 性取向"
)
WATCHED_PEOPLE = _words(
    "重点人员 特殊人群 可疑人员 陌生人 刑满释放 社区矫正对象 精神病人 精神障碍患者 吸毒人员 前科 人脸识别 行为分析 犯罪预测"
)
IDENTIFYING = _words(
    "identity id_number id_card idcard passport phone mobile telephone contact email birthday birth full_name "
    "person_name home_address wechat plate_number 身份证 证件号 护照 姓名 手机 电话 住址 家庭地址 出生 邮箱 微信 车牌 病史 病情"
)

# For stories: equal to the values of cases.types.CaseStatus, and the cast that acts in them.
STATUSES = (
    "reported",
    "accepted",
    "assigned",
    "under_way",
    "resolved",
    "verified",
    "closed",
    "declined",
    "linked",
    "returned",
    "awaiting_ruling",
    "suspended",
    "reopened",
)
CAST: Mapping[str, str | Promise] = {
    "resident": _p("program file", "resident"),
    "grid_worker": _p("program file", "grid worker"),
    "dispatcher": _p("program file", "dispatcher"),
    "handler": _p("program file", "handler of the lead agency"),
    "supporter": _p("program file", "handler of a supporting agency"),
    "verifier": _p("program file", "verifier"),
    "centre_head": _p("program file", "head of the centre"),
    "system": _p("program file", "the system"),
}
OUTCOMES = ("met", "breached", "unknown", "running", "paused", "ended")
