"""开盘前夜：问题与缺口 / What is wrong and what is missing on the eve of the opening."""

from examples.binjiang.book import Book, one
from examples.binjiang.planted import Ledger

LEDGER = Ledger()


@LEDGER.fault("楼书写“对口名校学区”，仍在使用")
def _school_promise(book: Book) -> None:
    book.item("sales_materials", "楼书 V3")["prohibited_content"] = ["school_promise"]


@LEDGER.fault("公众号推文没有预售许可证号")
def _no_permit_number(book: Book) -> None:
    book.item("sales_materials", "公众号 10 月推文")["shows_permit_no"] = False


@LEDGER.fault("宣讲课件没有法务会签")
def _no_legal_sign_off(book: Book) -> None:
    book.item("sales_materials", "开盘宣讲课件")["approved_by"] = ["design", "customer_relations"]


@LEDGER.fault("A 户型样板间 12 项交付差异只标识了 9 项")
def _unmarked_differences(book: Book) -> None:
    one(book.project["sales_venue"]["show_flats"], "A 户型样板间")["marked_deviation_count"] = 9


@LEDGER.fault("暗访录到顾问承诺“地铁口 3 分钟”，未整改")
def _mystery_visit(book: Book) -> None:
    book.project["promises"].append(
        {
            "id": "CN-04",
            "source": "mystery_visit",
            "content": "承诺地铁口步行 3 分钟、明年通车",
            "is_material": True,
            "is_compliant": False,
            "due_date": "2025-10-31",
            "status": "open",
            "owner_department": "marketing",
        }
    )


@LEDGER.fault("红线内垃圾收集站、红线外 420 m 加油站没有公示")
def _factors_not_disclosed(book: Book) -> None:
    for factor in ("垃圾收集站", "滨江路加油站"):
        book.item("adverse_factors", factor)["is_disclosed"] = False


@LEDGER.fault("2号楼 15 层 4 套标价高于备案价 5 万元")
def _above_filed_price(book: Book) -> None:
    for plan in "ABCD":
        for flat in book.flats("2", plan, range(15, 16)):
            price = flat["price_item"]
            price["total_price_yuan"] = price["filed_total_price_yuan"] + 50000


@LEDGER.fault("1号楼 3 套在建抵押未书面告知（1-0301、1-0302、1-0303）")
def _mortgage_not_told(book: Book) -> None:
    for flat in ("1-0301", "1-0302", "1-0303"):
        book.flat(flat)["encumbrance"] = "mortgage"


@LEDGER.fault("两套在取得预售许可之前收了认筹金（2-1001、2-1104）")
def _paid_before_permit(book: Book) -> None:
    for number, flat in enumerate(("2-1001", "2-1104"), 1):
        unit = book.flat(flat)
        unit.update(active_subscription_count=1, sale_status="subscribed")
        unit["subscriptions"] = [
            {
                "id": f"RG-{number:04}",
                "amount_yuan": 20000,
                "paid_date": f"2025-10-0{number + 6}",
                "permit_date": "2025-10-15",
                "status": "active",
            }
        ]


@LEDGER.fault("合同里出卖人逾期违约金（万分之 0.5）低于买受人（万分之 1）")
def _unequal_delay_rates(book: Book) -> None:
    one(book.project["contract_pack"]["contract_clauses"], "HT-03")["seller_delay_rate"] = 0.5


@LEDGER.fault("1号楼 B 户型 9–12 层与相邻楼层单价差 6%，没有说明")
def _price_jump(book: Book) -> None:
    for flat in book.flats("1", "B", range(9, 13)):
        price = flat["price_item"]
        price.update(
            comparable_unit_price_yuan_m2=round(price["unit_price_yuan_m2"] * 0.94), difference_explained=False
        )


@LEDGER.fault("三宗关于学区说法的投诉未关闭")
def _promise_complaints(book: Book) -> None:
    for number, day in enumerate(("2025-10-12", "2025-10-16", "2025-10-19"), 1):
        book.project["complaints"].append(
            {
                "id": f"TS-25-{number:03}",
                "channel": "hotline",
                "cause": "sales_promise",
                "severity": "general",
                "is_valid": True,
                "is_group": False,
                "received_at": f"{day}T10:20:00+08:00",
                "first_response_at": f"{day}T10:45:00+08:00",
                "owner_department": "marketing",
                "reply_due_date": "2025-10-30",
                "step": "investigate",
                "status": "open",
            }
        )


@LEDGER.gap("1号楼 14 层 4 套没有备案总价")
def _filed_price_not_given(book: Book) -> None:
    for plan in "ABCD":
        for flat in book.flats("1", plan, range(14, 15)):
            del flat["price_item"]["filed_total_price_yuan"]


@LEDGER.gap("2号楼 D 户型 1–8 层没有查到抵押情况（8 套）")
def _encumbrance_not_given(book: Book) -> None:
    for flat in book.flats("2", "D", range(1, 9)):
        del flat["encumbrance"]


@LEDGER.gap("红线外 220kV 高压线是否已公示没有记录")
def _disclosure_not_recorded(book: Book) -> None:
    del book.item("adverse_factors", "220kV高压线")["is_disclosed"]
