"""This is the place where the words stand by which people speak of signs that need help at once, in English and Chinese.

English phrases are patterns over lower-case words that are one blank apart ("can't" is "can t"); Chinese ones over simplified characters.
"""

from __future__ import annotations

from collections.abc import Mapping

_NOT_ABLE = r"(?:can t|cannot|can not|cant|couldn t|couldnt|could not|unable to|not able to|hard to|difficult to|struggl(?:e|ing) to|barely|hardly|can barely|can hardly)"
_CHEST = r"(?:chest|breastbone|sternum)"
_HURT = r"(?:pains?|hurts?|hurting|tight(?:ness|ening)?|pressure|heaviness|heavy|crushing|squeez(?:e|ed|ing)|ache|aching|discomfort|burning|painful)"
_BETWEEN = r"(?:\w+ ){0,3}"

ENGLISH: Mapping[str, tuple[str, ...]] = {
    "chest_pain": (
        rf"{_CHEST} (?:\w+ ){{0,5}}{_HURT}", rf"{_HURT} {_BETWEEN}{_CHEST}", r"heart attack", r"heart hurts", r"pain in (?:my |the )?heart",
        r"elephant (?:is )?(?:sitting )?on my chest", r"angina",
        r"(?:sit(?:s|ting)?|sat|weight|stand(?:s|ing)|press(?:es|ing)|lying) on (?:my|the|his|her) chest", rf"{_CHEST} {_BETWEEN}(?:killing|on fire|exploding|hurt)", rf"pain {_BETWEEN}(?:radiat|spread|shoot|go|runn?)ing {_BETWEEN}(?:arm|jaw|shoulder)", rf"left arm {_BETWEEN}(?:pain|aches?|aching|hurts?)",
    ),
    "stroke": (
        r"strokes?(?! (?:of|rate|volume|(?:my|his|her|your|the) (?:cat|dog|hair)))", rf"face {_BETWEEN}(?:droop(?:s|y|ed|ing)?|numb|sagging|lopsided|crooked)", rf"droop(?:y|ing) {_BETWEEN}(?:face|mouth|smile)",
        rf"(?:slurr(?:ed|ing)|slurs?) {_BETWEEN}(?:speech|words)", rf"speech {_BETWEEN}slurr(?:ed|ing)", rf"{_NOT_ABLE} (?:speak|talk|get (?:my |the |his |her )?words out)",
        rf"(?:arm|leg|one side|left side|right side|half) {_BETWEEN}(?:weak|weakness|numb|numbness|paraly[sz]ed|won t move|wont move|went dead)",
        rf"(?:weak|weakness|numb|numbness|paraly[sz]ed) {_BETWEEN}(?:arm|leg|one side|left side|right side|face)", r"sudden(?:ly)? (?:confus(?:ed|ion)|blind(?:ness)?)",
        r"worst headache", r"thunderclap headache",
        rf"{_NOT_ABLE} (?:move|lift|feel|raise) (?:my |the |his |her )?(?:\w+ )?(?:arms?|legs?|hands?|foot|feet|side|face|body)", rf"(?:vision|sight) {_BETWEEN}(?:black|gone|lost|disappear(?:s|ed|ing)?)", r"lost (?:all )?(?:my |his |her )?(?:vision|sight|feeling|sensation)", r"words (?:are |is )?com(?:e|ing) out (?:wrong|funny|jumbled)",
        rf"sudden(?:ly)? (?:can t|cannot|could not|couldn t|lost|went) {_BETWEEN}(?:see|speak|talk|blind|vision|sight)", rf"mouth {_BETWEEN}(?:crooked|droop(?:s|ing|y)?|twisted)",
        r"half of (?:my|his|her|the) (?:body|face) (?:\w+ ){0,2}(?:numb|weak|paraly[sz]ed)", r"numb(?:ness)? (?:on|in) (?:one|my left|my right|the left|the right) (?:side|half|arm|leg)", rf"sudden {_BETWEEN}(?:headache|vision loss|loss of vision)",
    ),
    "suicide": (
        r"suicid(?:e|al)", r"kill (?:myself|himself|herself|themsel(?:f|ves))", r"end (?:my|his|her) (?:own )?life", r"end it all", r"take (?:my|his|her) own life",
        r"(?:want|wants|wanted|going|wish|wishing|ready|plan(?:ning)?) to (?:die|be dead)", r"(?:wish|wished) i (?:was|were) (?:dead|never born)", r"better off (?:dead|without me)",
        r"(?:don t|dont|do not|no longer|doesn t|does not) want to (?:live|be alive|be here anymore|wake up|go on)", r"no (?:reason|point) (?:to|in) (?:live|living|go(?:ing)? on)",
        r"hurt(?:ing)? myself", r"harm(?:ing)? myself", r"self harm", r"cut(?:ting)? myself", r"not worth living", r"can t go on (?:living|like this)", r"overdose on purpose",
        r"thoughts? of (?:death|dying|ending)", r"life (?:isn t|is not|not) worth", r"(?:don t|do not|can t|cannot|no longer) see (?:the |a |any )?(?:point|reason)", r"killing (?:my|him|her)self", r"can t live", r"life has no (?:meaning|purpose|point)",
        r"want it (?:all )?to (?:stop|end)", r"suicide note", r"ending (?:my|his|her) (?:own )?life",
        r"rather (?:be dead|die)", r"(?:nobody|no one) would (?:miss|care)", r"can t go on (?:anymore|any more|any longer)", r"pills to end", r"feel(?:ing|s)? like (?:dying|ending)", r"(?:tired|sick) of (?:living|life|being alive)",
        r"(?:hope|wish) (?:i )?(?:don t|do not|never|didn t) wake up", r"never wake up", r"jump off (?:a|the) (?:bridge|roof|building)", r"kms",
    ),
    "breathing": (
        rf"{_NOT_ABLE} (?:to )?(?:breathe?|catch my breath|get (?:my |any |enough )?(?:air|breath)|draw breath)", r"trouble breathing", r"(?:difficulty|problems?) (?:in |with )?breathing", r"breathing (?:difficult(?:y|ies)|problems?|trouble)", r"sob (?:at|on|when|while|lying)", r"asthma attack",
        r"short(?:ness)? of breath", r"out of breath", r"breathless(?:ness)?", r"gasp(?:ing)?(?: for (?:air|breath))?", r"suffocat(?:e|ing)", r"chok(?:e|ing)", r"(?:lips|face) {0,1}(?:are |is |turn(?:ed|ing)? |went )?blue",
        r"blue lips", rf"lips? {_BETWEEN}(?:blue|purple|gr[ae]y)", r"stopped breathing", r"(?:isn t|not) breathing", r"struggl(?:e|ing) (?:for|to get) (?:air|breath)", r"breathing (?:is |has )?(?:getting |got )?(?:worse|harder)", r"breathing is (?:very |really |so )?(?:hard|difficult|bad)", r"dyspn(?:o)?ea",
    ),
    "fainting": (
        r"faint(?:ed|ing|s)?(?! (?:smell|line|odou?r|rash|mark|trace|taste))", r"(?:pass|passed|passing) out", r"black(?:ed|ing)? out", r"blackouts?", r"lost consciousness", r"(?:losing|loss of) consciousness", r"unconscious", r"unresponsive",
        r"collaps(?:e|ed|ing)", r"syncope", r"(?:won t|can t|doesn t|does not) wake up", r"knocked out",
    ),
    "bleeding": (
        rf"bleed(?:s|ing)? {_BETWEEN}(?:heavily|heavy|badly|a lot|won t stop|wont stop|doesn t stop|not stop(?:ping)?|everywhere|profusely|nonstop|non stop)",
        rf"(?:heavy|severe|massive|uncontrolled|bad|serious|lots of|a lot of|heavily|profuse(?:ly)?) {_BETWEEN}(?:bleed(?:ing)?|blood)", rf"{_NOT_ABLE} stop (?:the )?bleed(?:ing)?", r"won t stop bleeding", rf"(?:nose ?bleeds?|bleeding) {_BETWEEN}(?:won t|will not|not|doesn t|does not) stop",
        r"ha?emorrhag(?:e|ing)", rf"(?:vomit(?:ing|ed)?|throw(?:ing)? up|threw up|cough(?:ing|ed)? up|spitting) {_BETWEEN}blood", r"gushing blood", r"blood when (?:i|he|she) (?:pees?|urinates?|coughs?|vomits?)", r"blood (?:is )?(?:gushing|spurting|pouring|everywhere)", r"blood in (?:my |the |his |her )?(?:vomit|urine|pee|stools?|poop|sputum|phlegm)", r"black (?:tarry )?stools?", r"tarry stools?", rf"stools? {_BETWEEN}(?:black|tarry)",
        r"los(?:t|ing) (?:a lot|lots|so much) (?:of )?blood",
    ),
    "allergy": (
        r"anaphyla(?:xis|ctic)", r"severe allergic reaction", r"allergic shock", r"(?:throat|tongue|face|lips?|airway) (?:\w+ ){0,5}(?:swell(?:s|ing)?|swollen|swelled|clos(?:e|es|ed|ing))",
        rf"(?:swell(?:ing)?|swollen|puffy) {_BETWEEN}(?:throat|tongue|face|lips?)", r"epi ?pen", r"allergic reaction", r"hives (?:all over|everywhere|and)", r"can t swallow", r"trouble swallowing", rf"throat {_BETWEEN}(?:tight(?:ness|ening)?)",
    ),
    "low_glucose": (
        r"hypo(?:s|glyc(?:a)?emi[ac])?", r"(?:very |really |too |so |severe(?:ly)? |dangerously )low (?:blood )?(?:sugar|glucose)", rf"(?:blood )?(?:sugar|glucose) {_BETWEEN}(?:too low|very low|really low|dangerously low|crash(?:ed|ing)?)",
        r"insulin shock", r"(?:sugar|glucose|cgm|meter) (?:reading |reads |says |is |shows )+low", r"sugar low and (?:shak(?:y|ing)|confus(?:ed|ing)|sweat(?:y|ing))", r"low blood sugar",
    ),
    "high_pressure": (r"hypertensive (?:crisis|emergency)", r"(?:blood pressure|bp) (?:is )?(?:sky high|through the roof|extremely high|dangerously high)"),
    "low_oxygen": (r"(?:oxygen|saturation|spo2|sats?) (?:is |are |level )?(?:very |too |really |dangerously |dropping )?(?:low|dropping)", r"low oxygen"),
    "seizure": (r"seizures?", r"convuls(?:e|ing|ions?)", r"epileptic fit", r"status epilepticus", r"(?:having|had|has) (?:a )?fits?", r"shaking all over and (?:won t|not)"),
    "poisoning": (
        r"overdos(?:e|ed|ing)", r"took (?:too many|all (?:of )?(?:my|the|his|her)|the whole (?:bottle|box) of) (?:\w+ )?(?:pills|tablets|medicines?|medication|insulin)", r"too many (?:pills|tablets)", r"took [1-9]\d (?!mg|mcg|g |units?|min|hours?|days?|ml|steps)[a-z]+", r"poison(?:ed|ing)?",
        r"swallowed (?:bleach|a battery|batteries)", r"double dose of insulin", r"(?:double|twice|triple) (?:of )?(?:my |the |his |her )?(?:usual |normal )?(?:\w+ )?dose", r"(?:drank|drunk|swallowed|ate) (?:some )?(?:bleach|cleaner|detergent|antifreeze|pesticide)",
        r"took (?:a |the )?whole (?:pack|packet|bottle|box|strip)", r"carbon monoxide",
    ),
}  # fmt: skip

CHINESE: Mapping[str, tuple[str, ...]] = {
    "chest_pain": (
        "胸[口部前腔]?(?:[很好特有点一阵剧非常突然]{0,4})?[痛疼闷]", "胸[口部]?(?:[很好特非常]{0,2})?(?:压迫|发紧|憋|难受|压得慌|压痛)", "心口(?:[很好特]?)[痛疼闷]", "心脏(?:[很好特]?)[痛疼]", "心绞痛", "心梗", "心肌梗[死塞]", "心脏病发作", "胸前区[痛疼]",
        "前胸后背[痛疼]", "胸[口部前]?[^，]{0,4}(?:压|堵|石头|揪|撕裂|刀割|榨)", "心前区?[很]?(?:疼|痛|不适|闷)", "胸[口部]?[^，]{0,5}[痛疼闷]", "心口[^，]{0,4}[痛疼闷扎]",
    ),
    "stroke": (
        "说话不利[索落]", "突然[^，]{0,3}(?:说不了|讲不了|说不出|不会说|看不清|看不见|没劲|没力气?|无力|模糊)", "(?:手|脚|腿|胳膊|手臂)[^，]{0,3}(?:没劲|没力|没有?知觉|没感觉|不听使唤)", "中风", "卒中", "脑梗", "脑出血", "脑溢血", "嘴[角巴]?歪", "口角?[歪斜]", "[脸面]部?(?:歪|麻|瘫|下垂)", "口齿不清", "说话(?:不清|含糊|大舌头|说不清)", "说不出话", "言语不清", "讲话不清", "(?:半边|一侧|一边|单侧|左边|右边|左侧|右侧|半个)(?:身[体子])?[^，]{0,4}(?:麻|无力|没力|瘫|动不了|不能动)",
        "偏瘫", "半身不遂", "(?:手臂?|胳膊|腿)(?:突然|一下子)?(?:麻木|抬不起来|没力气|动不了|无力)", "突然(?:看不见|失明|剧烈头痛)", "剧烈头[痛疼]", "突然头[痛疼]",
    ),
    "suicide": (
        "自杀", "轻生", "自残", "自尽", "寻短见", "不想活", "活不下去", "活着没(?:有)?意[思义]", "活着没劲", "想死(?![你我他她它])", "想去死", "死了算了", "死了(?:更|比较|还)?好", "结束(?:自己的|我的|这条)?生命", "了结(?:自己|生命|一切|我)", "伤害自己", "割腕", "跳楼", "跳河", "上吊", "不如死", "生不如死",
        "没有活(?:下去|着)的(?:理由|意义|必要)", "活够了", "遗书", "一死了之", "生无可恋", "死了就", "想解脱", "死[^，]{0,2}解脱", "从[^，]{0,3}楼[^，]{0,2}跳", "想[^，]{0,6}跳下去", "不想再?活", "不想再?醒", "不要活了", "不愿(?:意)?(?:再)?活",
    ),
    "breathing": (
        "呼吸(?:[很非常特别越来]{0,4})?(?:困难|不畅|不上来|急促|费力|不了|停)", "喘不(?:过|上)(?:来)?气", "喘不上", "透不过气", "上不来气", "气喘(?:得)?(?:很|厉害|吁吁|不止)", "气短", "气促", "憋气", "窒息", "不能呼吸", "无法呼吸", "没法呼吸", "上气不接下气", "喘气(?:困难|费力|很?难)", "憋得慌", "气喘", "哮喘发作", "嘴唇(?:发|变)?[紫青蓝]", "口唇(?:发)?[紫绀青]", "没有?呼吸(?!困难|不|急|费|道|问题)了?", "喘得厉害", "噎住", "呛住",
    ),
    "fainting": ("昏倒", "晕倒", "晕厥", "昏迷", "昏过去", "晕过去", "晕了(?!车)", "失去(?:了)?(?:意识|知觉)", "人事不省", "意识(?:不清|模糊)", "没有?意识", "不省人事", "叫不醒", "休克", "眼前(?:发|一)黑"),
    "bleeding": (
        "大出血", "大量(?:出|流|便|失)血", "(?:出|流|止|鼻)血?(?:[很非常]{0,2}|得很?)(?:多|厉害|不止)", "流了?[很好]多(?:的)?血", "带血", "拉血", "吐了?[^，]{0,2}血", "血尿", "尿血", "血?止不住", "血流不止", "流血不停", "一直(?:在)?(?:流|出)血", "吐血", "呕血", "咯血", "咳血", "便血", "黑便", "柏油样便", "喷血", "失血",
    ),
    "allergy": ("过敏性?休克", "严重(?:的)?过敏", "过敏(?:很|非常|得)?(?:严重|厉害)", "过敏反应", "喉咙?(?:[头里]?)(?:肿|水肿|发紧|堵)", "喉咙?(?:发)?紧", "全身过敏", "喉头水肿", "舌头?(?:也|都)?肿", "(?:脸|嘴唇|嘴|眼睛)(?:也|都)?肿", "肾上腺素笔"),
    "low_glucose": ("低血糖", "血糖[^0-9]{0,4}(?:[0-3](?:\\.0)?|三)(?:以下|都不到)", "血糖[^0-9]{0,4}(?:低于|不到|降到)[32三二](?![0-9])", "血糖(?:[很太非常特别]{1,3})低", "血糖(?:突然)?(?:过低|掉得)"),
    "high_pressure": ("高血压(?:危象|急症)", "血压[^，]{0,4}(?:一百[八九]|[两二]百)", "血压(?:爆表|非常高|特别高|极高|高得)"),
    "low_oxygen": ("血氧(?:[很太非常特别饱和度]{0,5})(?:低|掉|下降)", "缺氧", "低氧"),
    "seizure": ("抽搐", "抽风", "癫痫(?:发作|又|大)", "惊厥", "口吐白沫", "羊癫疯"),
    "poisoning": ("中毒", "药(?:物)?过量", "(?:吃|服|用)(?:了)?(?:太多|过多|一整瓶|一瓶|很多|好多)(?:的)?(?:安眠|止痛|降糖|降压)?药", "(?:药|安眠药|胰岛素)(?:吃|服|打|用)(?:得|了)?(?:太|过)?多", "误[食服]", "过量(?:的)?药", "吃错(?:了)?药", "双倍(?:的)?(?:剂量|胰岛素|药)", "吞(?:了|下)?[^，]{0,4}药", "煤气中毒", "胰岛素打多了", "一氧化碳", "喝(?:了)?(?:农药|洁厕|消毒)"),
}  # fmt: skip

_CRITICAL = (
    "chest pain tight tightness pressure heart attack stroke slurred speech weakness numbness droop drooping suicide suicidal breathe breath breathing trouble breathless "
    "suffocating fainted fainting collapsed unconscious bleeding heavily heavy severe blood vomiting coughing allergic reaction swelling swollen throat tongue anaphylaxis hypoglycemia hypoglycaemia "
    "sugar glucose seizure overdose poisoned consciousness shortness difficulty kill myself choking confused angina hurts gasping oxygen"
)
CRITICAL = frozenset(_CRITICAL.split())
"""Words whose slips of the finger are mended before the phrases are looked for; a word that is itself in this set is never changed."""

SLIPS: Mapping[str, str] = {
    "trubble": "trouble", "truble": "trouble", "tounge": "tongue", "feinted": "fainted", "feint": "faint", "anaphalaxis": "anaphylaxis", "wanna": "want to", "gonna": "going to", "cuz": "because",
    "sucide": "suicide", "suiside": "suicide", "siezure": "seizure", "seezure": "seizure", "ches": "chest", "breth": "breath", "brethe": "breathe", "unconcious": "unconscious",
    "concious": "conscious", "haemorage": "haemorrhage", "hemorrage": "hemorrhage",
}  # fmt: skip
"""Slips that are not one letter away, and spoken forms."""

TRADITIONAL = str.maketrans(
    "從悶體氣腦臉歪癱說話講膽殺殘尋見脈絞發緊壓難過後風齒動邊側無單沒頭劇結這條傷樓樹厲費憋急喘紫藍絀暈覺識識醒黑來嚴過應喉嚨腫頭糖壓飽極劑藥誤島農潔碼氧癲癇驚厥與開個們對於區斷輕損還較讓為麼樣現嗎嘔鼻進鬆麻雙聽裡裏顏",
    "从闷体气脑脸歪瘫说话讲胆杀残寻见脉绞发紧压难过后风齿动边侧无单没头剧结这条伤楼树厉费憋急喘紫蓝绀晕觉识识醒黑来严过应喉咙肿头糖压饱极剂药误岛农洁码氧癫痫惊厥与开个们对于区断轻损还较让为么样现吗呕鼻进松麻双听里里颜",
)
"""Traditional forms of the characters that the phrases need."""
