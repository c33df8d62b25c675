import pytest
from django.core.exceptions import ValidationError

from committees.classification import marks_in, refuse_marked


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("本件为绝密文件", ["绝密"]),
        ("机密★1年", ["机密"]),
        ("机 密", ["机密"]),
        ("涉及国家机密，请勿外传", ["机密"]),
        ("秘密★10年\n关于…的报告", ["秘密★"]),
        ("秘　密 ★", ["秘密★"]),
        ("秘密☆长期", ["秘密★"]),
        ("密级：秘密\n正文", ["秘密★"]),
        ("【秘密】", ["秘密★"]),
        ("内部文件\n关于…", ["内部文件"]),
        ("标题\n【内部文件　注意保存】\n正文", ["内部文件"]),
        ("内部资料 不得外传", ["内部文件"]),
        ("绝密★\n机密\n秘密★\n内部文件", ["绝密", "机密", "秘密★", "内部文件"]),
    ],
)
def test_marks_are_found(text, marks):
    assert marks_in(text) == marks


@pytest.mark.parametrize(
    "text",
    [
        "",
        "老人记不住手机密码，希望银行网点多设助老窗口",
        "飞机密封件、计算机密集型企业、司机密度",
        "保护中小企业的商业机密",
        "孩子之间的秘密很多",
        "建议向社会公开单位内部文件管理办法",
        "社区内部材料堆放杂乱，存在隐患",
        "密切联系群众",
    ],
)
def test_ordinary_words_pass(text):
    assert marks_in(text) == []
    refuse_marked(text)


def test_the_sentence_names_the_marks_and_the_paper_way():
    with pytest.raises(ValidationError) as refused:
        refuse_marked("好的建议", "机密★", "绝密")
    assert refused.value.code == "classified"
    sentence = refused.value.messages[0]
    assert "绝密、机密" in sentence and "纸质渠道" in sentence


def test_a_sheet_of_blank_cells_is_read_line_by_line():
    """300,000 cells: were each line's signs to run on over all that follow, this took hours."""
    refuse_marked(*[""] * 300_000)
    with pytest.raises(ValidationError):
        refuse_marked(*[""] * 300_000, "【秘密】")
