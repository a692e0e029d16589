import re

from django import forms
from django.template import Context, Template


class FilingForm(forms.Form):
    reason = forms.CharField(
        label="变更原因",
        widget=forms.Textarea,
        help_text="写明涉及哪几家",
        error_messages={"required": "写明变更原因，不能留空"},
    )
    code = forms.CharField(label="统一社会信用代码", required=False)
    standing = forms.ChoiceField(
        label="身份", choices=[("person", "个人"), ("unit", "单位")], widget=forms.RadioSelect
    )
    paper = forms.FileField(label="申请书", required=False)
    truthful = forms.BooleanField(label="内容真实、完整。")
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def field(name, data=None, hint=""):
    template = Template('{% include "includes/field.html" with field=field hint=hint %}')
    return re.sub(
        r"\s+", " ", template.render(Context({"field": FilingForm(data)[name], "hint": hint}))
    ).strip()


def summary(source='{% include "includes/error_summary.html" %}', **context):
    html = Template("{% load controls %}" + source).render(Context(context))
    return re.findall(r"<h2[^>]*>(.*)</h2>", html), re.findall(r'<li>(?:<a href="([^"]*)">)?([^<]*)', html)


def test_field_describes_its_control_by_hint_and_error():
    html = field("reason", {})
    assert '<div class="field has-error">' in html
    assert '<div class="hint" id="id_reason_helptext">写明涉及哪几家</div>' in html
    assert '<div class="field-error" id="id_reason_error"><p>写明变更原因，不能留空</p></div>' in html
    control = re.search(r"<textarea[^>]*>", html)[0]
    assert 'aria-describedby="id_reason_helptext id_reason_error"' in control
    assert 'aria-invalid="true"' in control
    assert html.index("field-error") < html.index("<textarea")


def test_field_without_hint_or_error_is_not_described():
    html = field("code")
    assert "aria-describedby" not in html
    assert "选填" in html


def test_field_takes_a_hint_from_the_page_escaped():
    html = field("code", hint="18 位 <数字>")
    assert 'id="id_code_helptext">18 位 &lt;数字&gt;</div>' in html
    assert 'aria-describedby="id_code_helptext"' in html


def test_group_of_choices_is_a_fieldset_with_its_error_named():
    html = field("standing", {})
    assert '<fieldset class="field has-error" aria-describedby="id_standing_error">' in html
    assert re.findall(r'<label class="choice" for="(\w+)"><input type="radio"', html) == [
        "id_standing_0",
        "id_standing_1",
    ]


def test_single_checkbox_stands_before_its_label():
    html = field("truthful")
    assert re.search(
        r'<label class="choice" for="id_truthful"><input type="checkbox"[^>]*><span>内容真实、完整。</span>',
        html,
    )


def test_file_is_a_labelled_box_and_hidden_field_is_bare():
    assert '<label for="id_paper">申请书' in field("paper")
    assert field("token") == '<input type="hidden" name="token" id="id_token">'


def test_error_summary_counts_and_links_every_error():
    titles, errors = summary(form=FilingForm({"token": "x"}))
    assert titles == ["还不能提交，有 3 处要改"]
    assert [href for href, _ in errors] == ["#id_reason", "#id_standing_0", "#id_truthful"]


def test_error_summary_names_the_field_once():
    texts = [text for _, text in summary(form=FilingForm({}))[1]]
    assert texts[0] == "写明变更原因，不能留空"
    assert [text.split("：")[0] for text in texts[1:]] == ["身份", "内容真实、完整"]


def test_error_summary_is_absent_without_errors():
    assert summary(form=FilingForm()) == ([], [])
    assert summary() == ([], [])


def test_error_summary_collects_forms_formsets_and_rows():
    formset = forms.formset_factory(FilingForm, max_num=0, validate_max=True, extra=1)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-code": "x", "form-0-standing": "unit"}
    )
    rows = [{"href": "#p2", "text": "该行业已达 2 家"}]
    errors = summary(
        '{% form_errors formset rows nothing as errors %}{% include "includes/error_summary.html" %}',
        formset=formset,
        rows=rows,
    )[1]
    assert [href for href, _ in errors] == ["", "#id_form-0-reason", "#id_form-0-truthful", "#p2"]


def test_error_summary_takes_focus_and_announces_itself():
    html = Template('{% include "includes/error_summary.html" with title="没有登录" %}').render(
        Context({"form": FilingForm({})})
    )
    opening = re.search(r'<div class="error-summary"[^>]*>', html)[0]
    assert all(part in opening for part in ('role="alert"', 'tabindex="-1"', " autofocus "))
    assert "没有登录</h2>" in html
