"""Traps: texts in which a rule must find something, and texts in which none may."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from baogao.model.findings import Severity
from baogao.model.lexicons import Word
from reports import Run, sample

FOUND = {
    "PRV-001": [
        "身份证号110101199003070011。",
        "身份证号11010119900307002X",
        "身份证号11010119900307002x",
        "身份证号１１０１０１１９９００３０７００１１",
        "身份证号110101 19900307 0011",
        "身份证号110101-19900307-0011",
        "身份证号1 1 0 1 0 1 1 9 9 0 0 3 0 7 0 0 1 1",
        "身份证号**110101**199003070011",
        "身份证号110101**1990**03070011",
        "身份证号110101\u200b199003070011",
        "身份证号110101\u3000199003070011",
        "2020 110101199003070011 2021",
        "证件ID110101199003070011号",
        "旧证110101900307001",
        "旧证110101 900307 001",
        "1.110101199003070011",
        "| 姓名 | 证号 |\n|---|---|\n| 甲 | 110101199003070011 |",
    ],
    "PRV-002": [
        "电话13812345678。",
        "电话138 1234 5678",
        "电话138-1234-5678",
        "电话138 12345678",
        "电话1381234 5678",
        "电话1 3 8 1 2 3 4 5 6 7 8",
        "电话１３８１２３４５６７８",
        "电话+8613812345678",
        "电话+86 138 1234 5678",
        "电话86-13812345678",
        "电话013812345678",
        "电话138**1234**5678",
        "电话138\u200b12345678",
        "Tel:13812345678",
        "tel13812345678",
        "0379-65912345 13812345678",
        "0379-65912345，13812345678",
        "19912345678",
        "1.13812345678",
        "13812345678@example.com",
        "手机13812345678号",
        "联系电话13812345678号码有误",
        "电话：0379-65912345、13812345678",
    ],
    "PRV-003": [
        "退至银行卡6222021234567890128。",
        "账号：6222 0212 3456 7890 128",
        "卡号４１１１１１１１１１１１１１１１",
        "5500-0000-0000-0004（开户行：某银行）",
    ],
    "PRV-004": [
        "申请人家住城关镇幸福小区3号楼2单元501室。",
        "住址：城关镇解放路18号。",
        "户籍所在地为李家村三组12号",
        "现住址：县城阳光花园三栋二单元",
        "搬入幸福小区3号楼2单元",
        "居民张三，男，患有糖尿病，申请救助。",
        "申请人李四（女，45岁）确诊肺结核。",
        "患者王小明因白血病申请公开救助标准。",
        "居民张三因工致残，患抑郁症，申请救助。",
        "居民张三系精神分裂症患者。",
        "为幸福小区3号楼2单元501室张某加装扶手。",
    ],
    "PRV-005": [
        "电话1381234\\*\\*\\*\\*",
        "电话138\\*\\*\\*1234",
        "电话138××××1234x电话1381×××234",
        "证号110101\\*\\*\\*\\*\\*\\*\\*\\*0011",
        "电话1381****234，证号110101********0011。",
    ],
    "SEC-001": [
        "机密★5年",
        "秘 密★",
        "绝密",
        "密级：秘密",
        "（内部文件）",
        "【内部资料】",
        "内部资料 注意保存",
        "本报告为内部资料，注意保存。",
        "此件不予公开",
        "（此件不公开）",
        "本文件属于机密级",
        "不得公开",
        "请勿外传",
        "印发内部文件3份。",
        "附机密文件一份",
        "依照洛密〔2020〕3号办理",
        "“请勿外传”",
        "本材料请勿外传。",
        "（请勿外传）",
    ],
    "SEN-001": ["办理残废人的申请", "与中港两地有关"],
    "SEN-002": ["坚持以不公开为常态", "严格先发后审"],
    "LNG-001": [
        "按照布署推进",
        "加强防犯措施",
        "政府信息的的公开",
        "完成了了任务",
        "推进推进工作",
        "洛龙区统计局洛龙区统计局",
        "政府信息公开（含政策解读",
        "政府信息公开含政策解读）",
        "《政府信息公开条例",
        "所谓“公开",
        "单位:万元",
        "一是加强领导,二是完善制度",
        "见(附件)",
        "(一)主动公开情况",
        "二是完善制度;",
        "加强领导.完善制度",
        '所谓"公开"',
        "加强领导，，完善制度。",
        "加强领导。。",
    ],
    "LNG-002": [
        "国办发[2017]47号",
        "国办公开办函（2021）30号",
        "国办公开办函(2021)30号",
        "国办公开办函【2021】30号",
        "国办公开办函［2021］30号",
        "（2021）30号",
        "国办发〔2017〕第47号",
        "国办发〔2017〕047号",
        "国办发〔17〕47号",
        "按照中华人民共和国政府信息公开条例的规定",
        "落实“关于全面推进政务公开工作的意见”",
        "修订“某县政府信息公开管理办法”",
    ],
    "LNG-003": ["会同县工商行政管理局", "依照国务院令第492号", "依照《中华人民共和国合同法》"],
}


@pytest.mark.parametrize(("rule", "text"), [(rule, text) for rule, texts in FOUND.items() for text in texts])
def test_it_is_found(rule: str, text: str, find):
    assert find(text, rule), text


CLEAN = [
    # numbers of other kinds
    "咨询电话0379-65912345，传真（0379）65912345，邮编471000。",
    "全国统一热线12345，服务电话400-138-1234。",
    "统一社会信用代码11410311MB0123456C，91110101MA13812345。",
    "收入13812345678元，支出13812345678.50元，人口13812345678人。",
    "案卷编号13812345678，流水号：110101199003070018。",
    "网站标识码4103110002，备案号豫ICP备05012345号。",
    "2020年1月1日至2020年12月31日，8:30-12:00，15:00-18:00。",
    "1998-2020 2021 2022，1990 2021 202件。",
    "2016 2017 2018 2019 2020 2021 2022",
    "13 14 15 16 17 18 19 20 21 22",
    "公式值0.13812345678，面积1234567890.12平方米。",
    "国内生产总值123456789012345元。",
    "项目编号：2024-138-1234-5678，合同2024-13812345678。",
    "会计科目13912345678，凭证13912345678。",
    "行政处罚决定书13912345678号，案卷13912345678号。",
    "案卷号410311900307001，档案号：410311900307001，编号为410311900307001。",
    # masks
    "电话138\\*\\*\\*\\*1234，证号35\\*\\*\\*\\*\\*\\*\\*\\*\\*\\*\\*\\*\\*123。",
    "规格12×34，共5×10件，3x4。",
    # places and people
    "办公地址：示例县示例路1号3单元301室，邮编000000。",
    "地址：洛阳市洛龙区开元大道258号，欢迎查阅。",
    "申请人张某，住城关镇，患有糖尿病。",
    "群众王府井大街反映的问题已经解决。",
    "保障患者权益，关爱残疾居民，村民委员会公开村务。",
    "指导1个村3个组公开村务。",
    "现住公租房家庭120户，家住农村的低保户12户，公开居住在养老机构的老人名单3份。",
    "群众关心残疾人补贴，群众关注患病儿童救助，职工高血压患者管理，居民申请因残疾补助。",
    "对居住在偏远地区的群众公开12345号热线。",
    "为幸福小区3号楼2单元加装电梯，改造阳光花园5栋1单元外墙。",
    "居民张三因公殉职，与同事患难与共。",
    "居民张三因公殉职患难与共，村民李四因事患得患失。",
    # secrecy
    "属于国家秘密、商业秘密的政府信息不予公开。",
    "对部分涉及保密、或者不宜公开的信息，则做好解释说明工作。",
    "行政机关不得公开涉及商业秘密、个人隐私的信息。",
    "严禁将标注“内部文件”“注意保存”字样的材料上网。",
    "严格执行保密审查制度，防止内部资料、机密文件外泄。",
    "坚持以公开为常态、不公开为例外，依法不予公开3件。",
    "组织保密培训，学习绝密、机密、秘密三级定密标准。",
    "国密局字〔2018〕3号",
    "在查阅点张贴“请勿外传”提示，印制“阅后收回”封套。",
    "## （三）不予公开",
    "| 结果 | 件数 |\n|---|---|\n| 予以公开 | 3 |\n| 不予公开 | 1 |",
    "作出答复（不予公开）3件；申请人申请公开某文件，该文件不予公开。",
    "加强内部管理，完善内部资料管理制度，妥善保存档案。",
    # words
    "预防犯罪工作扎实开展，及时公开治安防犯罪信息。",
    "原工商行政管理局、时任县环境保护局局长、曾是市国土资源局。",
    "废止《关于规范国土资源局信息公开的通知》。",
    "依照《中华人民共和国民法典》、国务院令第711号办理。",
    # repetition
    "目的的确明确，为了了解情况，进行了了解，不了了之。",
    "以及及时公开，参与与监督，总和和谐，共和和美。",
    "人人、件件、条条、等等，研究研究，一个一个地办，干干净净。",
    "采用通过通过式安检门，通过通过率考核。",
    "主动公开公开栏，政府信息信息化，工作工作报告，部门部门预算。",
    "洛龙区人民政府政府信息公开工作年度报告，在县政府政府网站公开。",
    "实实在在推进，存在在线办理不便。",
    "高高兴兴、认认真真、明明白白。",
    # punctuation
    "（一）基层政务公开（含“两化”工作）；1）公开，2）答复。",
    "a）公开；b）答复。\n一）公开",
    "见 GB/T 9704 (2012) 和 ISO (2019) 标准，时间10:30，比例1:2。",
    "网址：http://www.example.gov.cn/a,b(1)?x=1:2，邮箱a@example.gov.cn。",
    "单价1,234.50元，共1,000件。",
    "《〈条例〉解读》“‘互联网+’政务”【专栏】「专题」",
    "## （一）主动公开情况",
    "1. 公开\n2. 答复",
    "- 公开\n- 答复",
    "省略……以后——还有·间隔",
    "**重点**：内容",
    # documents
    "国办发〔2017〕47号、国办公开办函〔2021〕30号、洛统〔2021〕2号。",
    "（2021）豫0311行初30号、（2009）洛行终字第30号判决。",
    "2021年第3号公告，第30号令，2020（30件）。",
    "《中华人民共和国政府信息公开条例》（国务院令第711号）",
    "《中华人民共和国国民经济和社会发展统计公报》",
    "《河南省贯彻中华人民共和国政府信息公开条例的规定》",
    "围绕中华人民共和国成立75周年开展宣传。",
    "做到“应公开尽公开”，落实“先审查、后公开”的规定。",
]


def test_fifteen_digits_without_a_check_digit_are_a_guess(find):
    texts = ("旧证号110101900307001。", "身份证号110101199003070011。")

    assert [[it.severity for it in find(text, "PRV-001")] for text in texts] == [[Severity.WARNING], [Severity.ERROR]]


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        ("(一)主动公开情况", ["(一)"]),
        ("部分公开(区分处理的,只计这一情形)", ["(区分处理的,只计这一情形)", "分处理的,只计这一"]),
        ("（一)主动公开", ["（一)主动公开"]),
        ("一.总体情况", ["一.总体情况"]),
        ("微信(WeChat)公众号", ["(WeChat)"]),
    ],
)
def test_a_pair_of_brackets_is_one_finding(text: str, quotes: list[str], find):
    assert [it.quote for it in find(text, "LNG-001")] == quotes


@pytest.mark.parametrize("text", CLEAN)
def test_nothing_is_found(text: str, find):
    assert [(finding.message, finding.quote) for finding in find(text)] == []


@pytest.mark.parametrize(
    ("text", "column", "quote"),
    [
        ("证号110101199003070011。", 3, "证号11*************011"),
        ("证号**110101**199003070011。", 5, "证号11*************011"),
        ("　　证号110101199003070011。", 5, "证号11*************011"),
        ("## 证号110101199003070011", 6, "证号11*************011"),
        ("1. 证号110101199003070011", 6, "*.证号11*************011"),
        ("公开\\*\\*证号110101199003070011", 9, "公开**证号11*************011"),
    ],
)
def test_a_number_is_placed_and_never_shown(text: str, column: int, quote: str, find):
    (finding,) = find(text, "PRV-001")

    assert (finding.location.column, finding.quote) == (column, quote)
    assert "199003070011" not in str(finding)


@pytest.mark.parametrize(
    ("rule", "text"), [(rule, text) for rule in ("PRV-001", "PRV-002", "PRV-003") for text in FOUND[rule]]
)
def test_what_is_found_of_a_person_is_masked(rule: str, text: str, find):
    for finding in find(text, rule):
        mask = re.search(r"“?([0-9]+\*+[0-9Xx]+)", finding.message)
        assert mask
        assert mask.group(1) in finding.quote


def test_two_numbers_with_the_same_mask_have_the_words_around_them(find):
    quotes = [finding.quote for finding in find("联系人电话13812345678。又有13800005678，共2件。", "PRV-002")]

    assert quotes == ["联系人电话138****5678", "又有138****5678"]


def test_the_words_around_a_number_show_no_other_number(find):
    quotes = [finding.quote for finding in find("甲 138  1234  5678、乙１３９１２３４５６７８", "PRV-002")]

    assert quotes
    assert not any(re.search(r"1234|１２３４", quote) for quote in quotes)


@pytest.mark.parametrize(
    "text",
    [
        "(身份证110101199003070011)",
        "“关于110101199003070011的通知”",
        "证号（110101199003070011",
        "居民张三（男，证号110101199003070011）患有糖尿病",
        "110101199003070011,答复",
        "家住城关镇110101199003070011号3单元",
        "本文件110101199003070011不公开",
        "电话13812345678:已核实",
    ],
)
def test_no_rule_shows_a_number_that_names_a_person(text: str, find):
    shown = [f"{finding.message}{finding.quote}{finding.expected}{finding.actual}" for finding in find(text)]

    assert len(shown) >= 1
    assert not any("9900307" in words or "381234" in words for words in shown)


def test_a_row_of_a_simple_table_is_its_place(find):
    (finding,) = find("表：\n\n| 姓名 | 证号 |\n|---|---|\n| 甲 | 无 |\n| 乙 | 110101199003070011 |", "PRV-001")

    assert str(finding.location) == "overview.md:6:1"


def test_a_place_after_a_bound_number_counts_its_tag(tmp_path: Path, run: Run):
    text = "共{{ requests.new_received.total }}件，电话13812345678。\n"
    found = run("check", sample(tmp_path, {"others.md": text}), "--format", "json")

    assert [(it.rule, it.place) for it in found.findings] == [("PRV-002", "others.md:1:39")]
    assert "13812345678" not in found.out


WORDS = (
    Word("好词", "sensitive", "更好的词", Severity.ERROR, "本局规定"),
    Word("好词好", "sensitive", level=Severity.INFO),
    Word("坏词", "sensitive", exceptions=("不坏词", "坏词典")),
    Word("残废人", "sensitive", "残障人", Severity.INFO),
)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("这是好词。", [("好词", Severity.ERROR)]),
        ("好词好词", [("好词好", Severity.INFO)]),
        ("好**词**", [("好词", Severity.ERROR)]),
        ("坏词", [("坏词", Severity.WARNING)]),
        ("不坏词，坏词典", []),
        ("坏词，不坏词，坏词", [("坏词", Severity.WARNING), ("坏词", Severity.WARNING)]),
        ("残废人", [("残废人", Severity.INFO)]),
    ],
)
def test_the_words_of_the_user_are_found(text: str, found: list[tuple[str, Severity]], find):
    assert [(it.quote, it.severity) for it in find(text, "SEN-001", WORDS)] == found


def test_a_replacement_and_a_note_are_told(find):
    (finding,) = find("这是好词。", "SEN-001", WORDS)

    assert (finding.message, finding.expected) == ("“好词”应改为“更好的词”（本局规定）", "更好的词")


def test_our_own_list_can_be_left_out(find):
    assert find("办理残废人的申请", "SEN-001")
    assert find("办理残废人的申请", "SEN-001", demonstration="false") == []


def test_the_level_of_a_word_is_at_most_that_of_its_rule(tmp_path: Path, run: Run):
    files = {
        "report.yaml": ("outputs:", "lexicons: [词.yaml]\noutputs:"),
        "词.yaml": "words:\n- {word: 甲词, level: error}\n- {word: 乙词, level: error, kind: confusion}\n",
        "others.md": "甲词，乙词。\n",
    }
    report = sample(tmp_path, files)
    severities = {it["rule"]: it["severity"] for it in run("check", report, "--format", "json").json["findings"]}

    assert severities == {"SEN-001": "error", "LNG-001": "warning"}


@pytest.mark.parametrize("name", ["luolong-2020", "example-2024"])
def test_the_examples_are_clean(name: str, run: Run):
    ours = ("PRV", "SEC", "SEN", "LNG")
    folder = Path(__file__).parents[3] / "examples" / name

    assert [it for it in run("check", folder, "--format", "json").findings if it.rule[:3] in ours] == []
