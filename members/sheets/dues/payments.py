"""Payments from sheets: a month's list, twelve months with ticks, a bank's or WeChat's list."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from members.rules import ledger, names
from members.sheets import readers
from members.sheets.dues.payment_judging import PaymentJudge
from members.sheets.dues.payment_writing import PaymentUndoing, PaymentWriting
from members.sheets.dues.people import DuesResource
from members.sheets.dues.reading import read_amount, read_months, read_paid, read_year
from registry.models import ImportJob
from registry.sentences import Sentence
from registry.sheets.cells import read_text
from registry.sheets.dates import read_date
from registry.sheets.names import read_name
from registry.sheets.progress import Progress
from registry.sheets.resources import CellField, Reversal
from registry.sheets.rows import StagedRow

_HAN = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_YEARS = range(2020, 2036)  # that stand in the heading of a month's column


def _month(number: int) -> CellField:
    """Return the column of a month, whose cells are an amount or a tick."""
    plain = f"{number}月 {number:02}月 {number}月份 {_HAN[number - 1]}月 {_HAN[number - 1]}月份"
    if number == 1:
        plain += " 元月"
    with_year = " ".join(
        f"{year}年{number}月 {year}年{number:02}月 {year}.{number:02} {year}{number:02} "
        f"{year}-{number:02}"
        for year in _YEARS
    )
    return CellField(f"{plain} {with_year}", read_paid)


class PaymentResource(DuesResource):
    """One row is one payment of one member, for a month, for several, or for what he owes."""

    sheet_kind: ClassVar[str] = "dues_payments"
    model_label = "members.payment"

    name = CellField(
        "姓名 党员姓名 人员姓名 名字 同志姓名 党员名字 付款人 付款人姓名 付款户名 付款人名称 "
        "付款方 付款方户名 对方户名 对方姓名 对方账户名称 对方名称 "
        "交易对方 汇款人 缴费人 交费人 户名",
        partial(read_name, max_length=names.LONGEST),
        clearable=False,
    )
    year = CellField("年份 年度 缴费年份", read_year)
    month = CellField(
        "月份 缴费月份 交费月份 所属月份 缴费年月 缴纳月份 交纳月份 缴纳年月 党费月份 所属期",
        read_months,
    )
    month_first = CellField("缴费起始月份 起始月份 开始月份", read_months)
    month_last = CellField("缴费截止月份 截止月份 结束月份", read_months)
    base = CellField(
        "核算基数 核算基数（元） 缴费基准 党费计算基数 缴费基数 交纳基数 缴纳基数 工资基数 "
        "月工资收入 党费基数 基数",
        read_amount,
    )
    due = CellField(
        "应交金额 应缴金额 应交 应缴 应交党费 应缴党费 月应缴党费 月应交党费 每月应交纳党费 "
        "月交党费 月缴党费 党费标准 月党费 应交党费金额 应缴党费金额",
        read_amount,
    )
    amount = CellField(
        "实交金额 实缴金额 实交 实缴 实交党费 实缴党费 已交 已缴 已交金额 实收金额 实收 金额 "
        "金额（元） 交易金额 交易金额（元） 收入金额 贷方发生额 贷方金额 收入 转账金额 汇款金额 "
        "付款金额 入账金额",
        read_amount,
    )
    # The dues of a month beside their months, else what was paid.
    charged = CellField("缴费金额 交费金额 缴纳金额 交纳金额 党费金额 党费", read_amount)
    paid_on = CellField(
        "缴费日期 交费日期 缴费时间 交费时间 缴纳日期 交纳日期 缴纳时间 交易时间 交易日期 支付时间 "
        "付款时间 付款日期 入账日期 记账日期 收款日期 日期 时间",
        read_date,
        past=True,
    )
    method = CellField(
        "缴纳方式 交纳方式 缴费方式 交费方式 支付方式 付款方式", readers.by_table(ledger.METHODS)
    )
    receipt_number = CellField(
        "收据号 收据编号 票据号 凭证号 流水号 交易流水号 交易单号",
        partial(read_text, max_length=60),
    )
    remark = CellField(
        "备注 摘要 附言 用途 留言 说明 缴费说明 转账说明", partial(read_text, max_length=200)
    )
    goods = CellField("商品 商品名称 商品说明", partial(read_text, max_length=200))
    month_1, month_2, month_3 = _month(1), _month(2), _month(3)
    month_4, month_5, month_6 = _month(4), _month(5), _month(6)
    month_7, month_8, month_9 = _month(7), _month(8), _month(9)
    month_10, month_11, month_12 = _month(10), _month(11), _month(12)

    def judge(self, rows: Sequence[StagedRow], progress: Progress) -> list[Sentence]:
        return PaymentJudge(self.context).judge(rows, progress)

    def writing(self, job: ImportJob) -> PaymentWriting:
        return PaymentWriting(job, self.context)

    def prepare_undo(
        self, job: ImportJob, rows: Sequence[StagedRow], progress: Progress
    ) -> Reversal:
        return PaymentUndoing(job, rows, self.context).prepare()
