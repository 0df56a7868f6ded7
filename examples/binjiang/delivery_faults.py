"""联合验收：问题与缺口 / What is wrong and what is missing at the joint acceptance."""

from examples.binjiang.book import Book, one
from examples.binjiang.homes import Facts
from examples.binjiang.planted import Ledger

LEDGER = Ledger()


@LEDGER.fault("2号楼西侧 B 户型 5–12 层外窗淋水渗漏，未复试（8 户）")
def _leaking_windows(book: Book) -> None:
    for flat in book.flats("2", "B", range(5, 13)):
        (spray,) = book.records(kind="window_spray", unit_id=flat["id"])
        spray.update(result="fail", test_date="2026-11-09")


@LEDGER.fault("1号楼两户卫生间蓄水深度只有 12 mm（1-0703、1-0803）")
def _shallow_pond(book: Book) -> None:
    for flat in ("1-0703", "1-0803"):
        (pond,) = book.records(kind="pond", unit_id=flat, location="bathroom")
        pond["water_depth_mm"] = 12.0


@LEDGER.fault("2号楼三户分户验收不合格（2-0504、2-0604、2-0704）")
def _unit_acceptance_failed(book: Book) -> None:
    for flat in ("2-0504", "2-0604", "2-0704"):
        book.flat(flat)["unit_acceptance_status"] = "failed"


@LEDGER.fault("1号楼甲醛 0.09 mg/m³，未复测")
def _formaldehyde(book: Book) -> None:
    one(book.tower("1")["env_tests"], "formaldehyde")["value"] = 0.09


@LEDGER.fault("1号楼 A 户型 2–5 层客厅阳台栏杆实测 1170 mm（4 户）")
def _railing_measured_low(book: Book) -> None:
    for flat in book.flats("1", "A", range(2, 6)):
        one(flat["measurements"], "客厅阳台栏杆高")["value_mm"] = 1170.0


@LEDGER.fault("1号楼 D 户型 1–12 层热水器品牌与合同附件不一致（12 户）")
def _other_heater(book: Book) -> None:
    for flat in book.flats("1", "D", range(1, 13)):
        one(flat["delivered_items"], "燃气热水器").update(
            brand_actual="恒燃", model_actual="HR-13", matches_show_flat=False
        )


@LEDGER.fault("渗漏的 8 户中 5 户还有阻断级缺陷未销项（3 户待整改，2 户待复验）")
def _blocking_defects(book: Book) -> None:
    for flat in book.flats("2", "B", range(5, 10)):
        mended = flat["id"] in ("2-0804", "2-0904")
        flat["defects"].append(
            {
                "id": "Q90",
                "category": "leak",
                "location": "window",
                "room_kind": "bedroom",
                "severity": "blocking",
                "status": "fixed" if mended else "open",
                "source": "joint_acceptance",
                "due_date": "2026-11-25",
            }
        )


@LEDGER.fault("2号楼电梯承接查验有未关闭问题")
def _takeover_issue(book: Book) -> None:
    book.item("takeover_items", "2号楼电梯")["has_open_issue"] = True


@LEDGER.fault("承诺 CN-05（会所泳池交付前开放）到期未兑现")
def _promise_not_kept(book: Book) -> None:
    book.project["promises"].append(
        {
            "id": "CN-05",
            "source": "advertising",
            "content": "会所恒温泳池交付前开放",
            "is_material": True,
            "is_compliant": True,
            "due_date": "2026-11-10",
            "status": "open",
            "owner_department": "operations",
        }
    )


@LEDGER.fault("联合验收会营销没有签字")
def _marketing_not_signed(book: Book) -> None:
    book.item("meeting_records", "联合验收")["signed_departments"].remove("marketing")


@LEDGER.fault("1号楼 C 户型 4–9 层墙面空鼓超过 400 cm²（6 户）")
def _hollow_walls(book: Book) -> None:
    for flat in book.flats("1", "C", range(4, 10)):
        flat["defects"].append(
            {
                "id": "Q91",
                "category": "hollow",
                "location": "wall",
                "room_kind": "living",
                "severity": "major",
                "status": "open",
                "source": "joint_acceptance",
                "due_date": "2026-11-28",
                "area_cm2": 520.0,
                "count_per_room": 1,
            }
        )


@LEDGER.fault("2号楼 A 户型 7–15 层推拉门锁闭不严（9 户）")
def _doors_do_not_lock(book: Book) -> None:
    for flat in book.flats("2", "A", range(7, 16)):
        flat["defects"].append(
            {
                "id": "Q92",
                "category": "door_window",
                "location": "door",
                "room_kind": "living",
                "severity": "minor",
                "status": "fixed",
                "source": "joint_acceptance",
                "due_date": "2026-11-25",
            }
        )


@LEDGER.fault("1-1402 客厅净高比设计低 26 mm")
def _low_ceiling(book: Book) -> None:
    one(book.flat("1-1402")["measurements"], "客厅净高")["value_mm"] = 2824.0


@LEDGER.fault("2号楼外窗渗漏投诉三宗未关闭，其中一宗群诉；1号楼热水器投诉答复超期")
def _open_complaints(book: Book) -> None:
    rows = (
        ("TS-26-031", "2-0804", "government", "2026-11-10T09:12:00+08:00", "2026-11-10T09:50:00+08:00", "2026-11-19"),
        ("TS-26-032", "2-0904", "hotline", "2026-11-11T14:05:00+08:00", "2026-11-11T14:21:00+08:00", "2026-11-20"),
        ("TS-26-033", "2-1104", "hotline", "2026-11-12T11:40:00+08:00", "2026-11-12T12:10:00+08:00", "2026-11-21"),
        ("TS-26-034", "1-0603", "wechat", "2026-11-05T20:30:00+08:00", "2026-11-05T20:48:00+08:00", "2026-11-14"),
    )
    for name, flat, channel, received, answered, due in rows:
        group = channel == "government"
        complaint: Facts = {"id": name, "unit_id": flat, "channel": channel, "cause": "engineering_quality"}
        complaint.update(severity="major" if group else "general", is_valid=True, is_group=group)
        complaint.update(received_at=received, first_response_at=answered, reply_due_date=due)
        complaint.update(owner_department="engineering", has_handling_plan=True)
        book.project["complaints"].append({**complaint, "step": "investigate", "status": "open"})


@LEDGER.gap("2号楼氡的检测值没有录入")
def _radon_not_given(book: Book) -> None:
    del one(book.tower("2")["env_tests"], "radon")["value"]


@LEDGER.gap("1号楼 B 户型 10–15 层栏杆间距没有实测（6 户）")
def _railing_gap_not_measured(book: Book) -> None:
    for flat in book.flats("1", "B", range(10, 16)):
        del one(flat["measurements"], "客厅阳台栏杆间距")["value_mm"]


@LEDGER.gap("2号楼 C 户型 1–4 层入户门实际品牌没有登记（4 户）")
def _door_brand_not_given(book: Book) -> None:
    for flat in book.flats("2", "C", range(1, 5)):
        del one(flat["delivered_items"], "入户门")["brand_actual"]
