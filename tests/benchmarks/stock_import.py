"""The same roster through django-import-export as its manual shows it: preview, then confirm.

One ModelResource, skip_unchanged, in a transaction; each row is saved by the model, which logs it.
It looks for nobody who is known already, which spares it a question for each row.
"""

from __future__ import annotations

from import_export.fields import Field
from import_export.formats.base_formats import XLSX
from import_export.resources import ModelResource
from import_export.widgets import ForeignKeyWidget, Widget

from branches.models import Organization
from members.models import Member
from members.rules import codes
from registry.calendar import PartialDate


class Word(Widget):
    def __init__(self, read):
        super().__init__()
        self.read = read

    def clean(self, value, row=None, **kwargs):
        return self.read(str(value)) if value else None


def _date(text: str) -> PartialDate:
    return PartialDate.of(text.replace(".", "-"))


def _field(attribute: str, heading: str, read=str) -> Field:
    return Field(attribute, heading, Word(read))


class StockResource(ModelResource):
    name = _field("name", "姓名")
    sex = _field("sex", "性别", codes.read_sex)
    ethnicity = _field("ethnicity", "民族", codes.read_ethnicity)
    native_place = _field("native_place", "籍贯")
    born_on = _field("born_on", "出生年月", _date)
    education = _field("education", "学历", lambda text: codes.read_education(text)[0])
    work_began_on = _field("work_began_on", "参加工作时间", _date)
    joined_on = _field("joined_on", "入党时间", _date)
    full_member_on = _field("full_member_on", "转正时间", _date)
    employer = _field("employer", "工作单位")
    job_title = _field("job_title", "单位及职务")
    category = _field("category", "人员类别", codes.read_category)
    kind = _field("kind", "党员类型", codes.read_kind)
    id_number = _field("id_number", "身份证号码")
    phone = _field("phone", "手机号码")
    address = _field("address", "家庭住址")
    organization = Field("organization", "所在党支部", ForeignKeyWidget(Organization, field="name"))

    class Meta:
        model = Member
        fields = (
            "name", "sex", "ethnicity", "native_place", "born_on", "education", "work_began_on",
            "joined_on", "full_member_on", "employer", "job_title", "category", "kind",
            "id_number", "phone", "address", "organization",
        )  # fmt: skip
        import_id_fields = ()
        force_init_instance = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True

    def before_save_instance(self, instance, row, **kwargs):
        instance.number = f"S{kwargs['row_number']:08}"


def import_by_stock(data: bytes) -> None:
    """Preview and confirm, each reading the file as the stock view does."""
    for dry_run in (True, False):
        dataset = XLSX().create_dataset(data)
        dataset = dataset.__class__(*dataset[1:], headers=dataset[0])  # the title stands above
        result = StockResource().import_data(dataset, dry_run=dry_run, raise_errors=True)
        assert not result.has_errors()
