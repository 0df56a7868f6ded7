"""图纸评审：问题与缺口 / What is wrong and what is missing at the drawing review."""

from examples.binjiang.book import Book, one
from examples.binjiang.planted import Ledger

LEDGER = Ledger()


@LEDGER.fault("2号楼 B 户型 3–14 层次卧窗台 0.45 m，没有护栏（12 户）")
def _low_sills(book: Book) -> None:
    for flat in book.flats("2", "B", range(3, 15)):
        book.opening(flat["id"], "次卧", "次卧窗")["sill_height_m"] = 0.45


@LEDGER.fault("两栋楼顶层 D 户型主卧紧邻电梯机房（2 户）")
def _beside_machine_room(book: Book) -> None:
    for flat in ("1-1503", "2-1503"):
        book.room(flat, "主卧")["adjacent_to"] = ["living", "lift_machine_room", "outdoors"]


@LEDGER.fault("1号楼 02 户门净宽 0.88 m（2–15 层，14 户）")
def _narrow_entry_doors(book: Book) -> None:
    for flat in book.flats("1", "C", range(2, 16)):
        book.opening(flat["id"], "玄关", "户门")["clear_width_m"] = 0.88


@LEDGER.fault("1号楼 0101 主卧阳台栏杆按旧规画成 1.10 m")
def _low_railing(book: Book) -> None:
    one(book.tower("1")["railings"], "1-0101-主卧阳台")["clear_height_m"] = 1.1


@LEDGER.fault("2号楼 0201 公卫改位后在 0101 客厅上方")
def _bathroom_over_living(book: Book) -> None:
    book.room("2-0201", "公卫")["below_room_kind"] = "living"


@LEDGER.fault("西侧消防车道净宽 3.80 m")
def _narrow_fire_lane(book: Book) -> None:
    one(book.project["site"]["site_roads"], "西侧消防车道")["clear_width_m"] = 3.8


@LEDGER.fault("三个靠墙车位长 5.10 m（B1-036、B1-048、B1-060）")
def _short_bays(book: Book) -> None:
    for bay in ("B1-036", "B1-048", "B1-060"):
        one(book.project["garages"][0]["parking_spaces"], bay)["length_m"] = 5.1


@LEDGER.fault("户型大样与销售户型图不一致")
def _plan_differs(book: Book) -> None:
    book.item("drawings", "建施-21 户型大样")["matches_sales_plan"] = False


@LEDGER.fault("车库排风井距儿童乐园 6 m")
def _shaft_at_playground(book: Book) -> None:
    book.item("adverse_factors", "车库排风井")["distance_to_play_area_m"] = 6.0


@LEDGER.fault("D 户型冰箱位净宽 0.72 m（两栋楼 30 户）")
def _narrow_fridge_place(book: Book) -> None:
    for tower in ("1", "2"):
        for flat in book.flats(tower, "D", range(1, 16)):
            one(book.room(flat["id"], "厨房")["appliance_points"], "冰箱")["clear_width_m"] = 0.72


@LEDGER.fault("缺陷库高频问题“外窗渗漏”没有人回应")
def _library_item_unanswered(book: Book) -> None:
    book.project["defect_library_items"].append(
        {
            "id": "QX-011",
            "title": "外窗渗漏",
            "theme": "leak",
            "customer_sensitivity": 5.0,
            "occurrence_count": 7,
            "source_project": "滨江首府",
        }
    )


@LEDGER.gap("2号楼 C 户型卫生间地漏没有注明水封深度（15 户，每户 2 个）")
def _water_seal_not_given(book: Book) -> None:
    for flat in book.flats("2", "C", range(1, 16)):
        for drain in book.room(flat["id"], "卫生间")["floor_drains"]:
            del drain["water_seal_mm"]


@LEDGER.gap("1号楼 A 户型北次卧没有窗地比（15 户）")
def _window_ratio_not_given(book: Book) -> None:
    for flat in book.flats("1", "A", range(1, 16)):
        del book.room(flat["id"], "北次卧")["window_floor_ratio"]


@LEDGER.gap("总图没有注明场地排水坡度")
def _drainage_slope_not_given(book: Book) -> None:
    del book.project["site"]["drainage_slope_pct"]
