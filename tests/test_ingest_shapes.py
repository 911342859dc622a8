"""Exports of known tools, one small made-up file each: what comes out, worked out by hand."""

from __future__ import annotations

import pytest

from hk_metrics.dataset import Dataset
from hk_metrics.errors import SchemaError
from hk_metrics.ingest import load
from hk_metrics.ingest.shapes import known
from hk_metrics.ingest.shapes.format import Format, Part

PROFILES = """id,name,category,gender,follower_count,platform,promo_code,handle
A1,Tara Iyer,Fitness,Female,12000,Instagram,TARA10,tara.moves
B2,Bo Lee,Food,Male,20000,YouTube,BO20,boeats
"""
# Name → the export, what people call it, and the totals that it holds.
ORDERS = {
    # 1,500 + 2,000 stand; the declined 900 does not. Commissions 150 + 200.
    "Awin transactions export": (
        "Transaction ID,Publisher ID,Publisher name,Commission status,Commission amount,"
        "Sale amount,Click date,Transaction date,Order reference,Click ref\n"
        "91,11,Tara Iyer,approved,150,1500,2026-05-13 09:00,2026-05-13 10:00,9001,story\n"
        "92,12,Bo Lee,pending,200,2000,2026-05-14 09:00,2026-05-14 10:00,9002,reel\n"
        "93,12,Bo Lee,declined,90,900,2026-05-15 09:00,2026-05-15 10:00,9003,reel\n",
        {"revenue": 3500, "orders": 2, "spend": 350},
    ),
    # A reversed action is none: 1,200 + 800 at 120 + 80.
    "impact.com actions export": (
        "Action Id,Action Date,Action Tracker,Partner,Partner Id,Status,Sale Amount,Payout,OID\n"
        "1.2.3,2026-05-13,Online Sale,Tara Iyer,11,APPROVED,1200,120,7001\n"
        "1.2.4,2026-05-14,Online Sale,Bo Lee,12,PENDING,800,80,7002\n"
        "1.2.5,2026-05-15,Online Sale,Bo Lee,12,REVERSED,500,50,7003\n",
        {"revenue": 2000, "orders": 2, "spend": 200},
    ),
    # Dates are of May, month first; the voided 400 is none.
    "ShareASale transaction detail export": (
        "Trans ID,Affiliate ID,Affiliate,Trans Date,Trans Amount,Commission,SSAmount,Voided,"
        "Order Number\n"
        "501,11,Tara Iyer,05/03/2026 10:00,1000,100,20,0,S1\n"
        "502,12,Bo Lee,05/04/2026 11:00,600,60,12,0,S2\n"
        "503,12,Bo Lee,05/05/2026 12:00,400,40,8,1,S3\n",
        {"revenue": 1600, "orders": 2, "spend": 160},
    ),
    # Unqualified and denied conversions are none: 700 + 300 at 70 + 30.
    "Refersion conversions export": (
        "Conversion ID,Affiliate ID,Affiliate Name,Offer,Order ID,Date,Order Total,"
        "Commission Total,Status,Payment Status\n"
        "31,11,Tara Iyer,Spring,R1,2026-05-01,700,70,APPROVED,PAID\n"
        "32,12,Bo Lee,Spring,R2,2026-05-02,300,30,PENDING,UNPAID\n"
        "33,12,Bo Lee,Spring,R3,2026-05-03,250,25,UNQUALIFIED,UNPAID\n"
        "34,11,Tara Iyer,Spring,R4,2026-05-04,150,15,DENIED,UNPAID\n",
        {"revenue": 1000, "orders": 2, "spend": 100},
    ),
    # The second order is corrected to nothing: 900 + 500 - 500 and 90 + 50 - 50.
    "CJ commission detail export": (
        "Posting Date,Event Date,Commission ID,Action Name,Action Status,Publisher ID,"
        "Publisher Name,Order ID,Sale Amount,Publisher Commission\n"
        "2026-05-02,2026-05-01,1,Sale,locked,11,Tara Iyer,C1,900,90\n"
        "2026-05-03,2026-05-02,2,Sale,new,12,Bo Lee,C2,500,50\n"
        "2026-05-09,2026-05-08,3,Sale,new,12,Bo Lee,C2,(500.00),(50.00)\n",
        {"revenue": 900, "orders": 2, "spend": 90, "returned": 1},
    ),
    # Two lines are one order of 1,800; 180 + 40.
    "Rakuten Advertising orders export": (
        "Publisher ID,Publisher Name,MID,Advertiser Name,Order ID,Transaction Date,"
        "Transaction Time,SKU,Sales,# of Items,Total Commission,Process Date\n"
        "11,Tara Iyer,40,HK,K1,5/3/26,10:00,WHEY,1500,1,150,5/4/26\n"
        "11,Tara Iyer,40,HK,K1,5/3/26,10:00,OMEGA,300,1,30,5/4/26\n"
        "12,Bo Lee,40,HK,K2,5/14/26,11:00,WHEY,400,1,40,5/15/26\n",
        {"revenue": 2200, "orders": 2, "spend": 220},
    ),
    "Partnerize conversions export": (
        "Conversion ID,Campaign Title,Publisher ID,Publisher Name,Conversion Date,"
        "Conversion Reference,Conversion Status,Value,Publisher Commission,Currency\n"
        "61,Spring,11,Tara Iyer,2026-05-13,P1,approved,600,60,INR\n"
        "62,Spring,12,Bo Lee,2026-05-14,P2,pending,400,40,INR\n"
        "63,Spring,12,Bo Lee,2026-05-15,P3,rejected,350,35,INR\n",
        {"revenue": 1000, "orders": 2, "spend": 100},
    ),
    # Settled by what was paid (90), pending by the estimate (50); 10 more by Shop Ads.
    "TikTok Shop affiliate orders export": (
        "Order ID,Product Name,Payment Amount,Currency,Fully returned or refunded,Order Status,"
        "Creator Username,Content Type,Standard commission rate,Est. Commission Base,"
        "Est. standard commission payment,Actual Commission Base,Actual Commission Payment,"
        "Est. Shop Ads commission payment,Time Created\n"
        "T1,Whey,1000,INR,No,Settled,tara.moves,Video,10%,1000,100,900,90,10,13/05/2026 10:00:00\n"
        "T2,Omega,500,INR,No,Pending,boeats,Video,10%,500,50,,,0,14/05/2026 10:00:00\n"
        "T3,Whey,300,INR,No,Ineligible,boeats,Live,10%,300,30,,,0,15/05/2026 10:00:00\n",
        {"revenue": 1500, "orders": 2, "spend": 150},
    ),
    # Items are counted: 1 + 2; fees 52 + 54, less 8 of what came back.
    "Amazon Associates earnings export": (
        "Category,Name,ASIN,Seller,Tracking ID,Date Shipped,Price($),Items Shipped,Returns,"
        "Revenue($),Ad Fees($)\n"
        "Health,Whey,B01,Amazon,tara.moves,2026-05-13,1300,1,0,1300,52\n"
        "Health,Omega,B02,Amazon,boeats,2026-05-14,900,2,0,1800,54\n"
        "Health,Omega,B02,Amazon,boeats,2026-05-16,900,0,1,-200,-8\n",
        {"revenue": 2900, "orders": 3, "spend": 98},
    ),
    "Amazon Attribution export": (
        "Date,Publisher,Campaign,Ad group,Click-throughs,DPV,Purchases,Product sales\n"
        "2026-05-13,Influencer,Spring,TARA10,50,40,2,1800\n"
        "2026-05-14,Influencer,Spring,BO20,20,10,1,700\n",
        {"revenue": 2500, "orders": 3, "clicks": 70},
    ),
    "Shopify sales by discount code export": (
        "Discount name,Discount method,Discount type,Orders,Gross sales,Discounts,Net sales\n"
        "TARA10,Code,Percentage,4,4400,-400,4000\n"
        "BO20,Code,Percentage,2,1250,-250,1000\n",
        {"revenue": 5000, "orders": 6},
    ),
}  # fmt: skip
POSTS = {
    "Instagram content export of Meta Business Suite": (
        "Post ID,Account ID,Account username,Account name,Description,Duration (sec),Publish time,"
        "Permalink,Post type,Data comment,Date,Views,Reach,Likes,Shares,Follows,Comments,Saves\n"
        "1801,1784,tara.moves,Tara Iyer,Leg day,32,05/03/2026 08:31,"
        'https://www.instagram.com/reel/AAA111/,IG reel,,Lifetime,"12,400",9100,610,88,41,57,230\n'
        "1802,1784,tara.moves,Tara Iyer,Arms,0,05/04/2026 08:31,"
        "https://www.instagram.com/p/BBB222/,IG image,,Lifetime,900,800,40,2,1,3,5\n",
        {"posts": 2, "reach": 9900, "video_views": 13300, "likes": 650},
    ),
    "Facebook content export of Meta Business Suite": (
        "Post ID,Page ID,Page name,Title,Description,Duration (sec),Publish time,Permalink,"
        "Post type,Data comment,Date,Impressions,Reach,Reactions,Comments,Shares,Total clicks\n"
        "771,61,Tara Iyer,Legs,Leg day,27,05/03/2026 21:00,https://www.facebook.com/reel/99,"
        "Videos,,Lifetime,700,500,20,4,1,9\n",
        {"posts": 1, "reach": 500, "likes": 20, "comments": 4},
    ),
    "YouTube Studio content export": (
        "Content,Video title,Video publish time,Duration,Views,Watch time (hours),Unique viewers,"
        "Impressions,Likes,Comments added,Shares\n"
        "Total,,,,1500,40,1200,9000,90,14,6\n"
        'aBcDeFgHiJk,Pasta,"May 3, 2026",300,1000,30,800,6000,60,10,4\n'
        'zYxWvUtSrQp,Curry,"May 9, 2026",240,500,10,400,3000,30,4,2\n',
        {"posts": 2, "reach": 1200, "video_views": 1500, "likes": 90},
    ),
    "TikTok Studio content export": (
        "Video title,Video link,Post time,Total likes,Total comments,Total shares,Total views,"
        "Add to favorites\n"
        "Legs,https://www.tiktok.com/@tara.moves/video/7412345678901234567,2026-05-13 19:05,"
        "1200,48,31,18400,40\n",
        {"posts": 1, "video_views": 18400, "likes": 1200, "comments": 48},
    ),
}  # fmt: skip
PAYOUTS = {
    # What failed or was reversed is no spend; what is queued is due: 5,000 + 700.
    "RazorpayX payouts export": (
        "Payout ID,Contact Name,Amount,Currency,Mode,UTR,Status,Created At\n"
        "pout_1,Tara Iyer,5000,INR,NEFT,U1,processed,2026-05-13 10:00:00\n"
        "pout_2,Bo Lee,700,INR,UPI,,queued,2026-05-14 10:00:00\n"
        "pout_3,Bo Lee,900,INR,UPI,U3,reversed,2026-05-15 10:00:00\n"
        "pout_4,Tara Iyer,300,INR,UPI,,failed,2026-05-16 10:00:00\n",
        {"spend": 5700, "due": 700},
    ),
    # Sent: 1,500 + 400; the sale, the withdrawal and what was denied are none.
    "PayPal activity download": (
        "Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,"
        "To Email Address,Transaction ID,Balance,Balance Impact\n"
        '13/05/2026,10:00:00,IST,Tara Iyer,Mass Pay Payment,Completed,INR,"-1,500.00",-10,'
        '"-1,510.00",hk@x.in,t@x.in,X1,9000,Debit\n'
        "14/05/2026,10:00:00,IST,Bo Lee,General Payment,Completed,INR,-400.00,0,-400.00,"
        "hk@x.in,b@x.in,X2,8600,Debit\n"
        "15/05/2026,10:00:00,IST,Bo Lee,Mass Pay Payment,Denied,INR,-250.00,0,-250.00,"
        "hk@x.in,b@x.in,X3,8600,Debit\n"
        "16/05/2026,10:00:00,IST,Zed,Website Payment,Completed,INR,800.00,-20,780.00,z@x.in,"
        "hk@x.in,X4,9380,Credit\n"
        "17/05/2026,10:00:00,IST,,General Withdrawal,Completed,INR,-500.00,0,-500.00,,,X5,8880,"
        "Debit\n",
        {"spend": 1900},
    ),
    "PayPal payouts export": (
        "Payout Batch ID,Payout Item ID,Recipient Name,Amount,Currency,Transaction Status,Date\n"
        "B1,I1,Tara Iyer,800,INR,Success,2026-05-13\n"
        "B1,I2,Bo Lee,300,INR,Unclaimed,2026-05-13\n"
        "B1,I3,Bo Lee,200,INR,Returned,2026-05-13\n",
        {"spend": 1100, "due": 300},
    ),
    "Wise transfers export": (
        "ID,Status,Direction,Created on,Finished on,Source fee amount,Source fee currency,"
        "Source name,Source amount (after fees),Source currency,Target name,"
        "Target amount (after fees),Target currency,Exchange rate,Reference\n"
        "TRANSFER-1,COMPLETED,OUT,2026-05-13 14:20:05,2026-05-13 14:23:11,5,INR,HK,1200,INR,"
        "Tara Iyer,1200,INR,1,May\n"
        "TRANSFER-2,CANCELLED,OUT,2026-05-14 14:20:05,,5,INR,HK,600,INR,Bo Lee,600,INR,1,May\n"
        "TRANSFER-3,COMPLETED,IN,2026-05-15 14:20:05,2026-05-15 14:23:11,,,Shop,5000,INR,HK,"
        "5000,INR,1,Sales\n",
        {"spend": 1200},
    ),
}  # fmt: skip
LISTS = {
    "HypeAuditor list of creators": "Username,Full name,Followers,AQS,Category\n"
    "tara.moves,Tara Iyer,12000,88,Fitness\nboeats,Bo Lee,20000,71,Food\n",
    "Modash list of creators": "Username,Full name,Followers,Engagement rate,Fake followers %\n"
    "tara.moves,Tara Iyer,12000,4.1%,9%\nboeats,Bo Lee,20000,2.0%,12%\n",
    "Upfluence list of creators": "Influencer name,Instagram username,Upfluence URL,"
    "Community size\nTara Iyer,tara.moves,https://u.example/1,12000\n"
    "Bo Lee,boeats,https://u.example/2,20000\n",
    "GRIN list of creators": "First name,Last name,Instagram handle,Relationship owner,Total reach\n"
    "Tara,Iyer,tara.moves,Kim,12000\nBo,Lee,boeats,Kim,20000\n",
    "CreatorIQ list of creators": "Publisher ID,Publisher name,Primary network,Followers\n"
    "tara.moves,Tara Iyer,Instagram,12000\nboeats,Bo Lee,YouTube,20000\n",
}  # fmt: skip


def loaded(on_error: str = "raise", profiles: str = PROFILES, **given: str) -> Dataset:
    texts = {"influencers": profiles} | given
    return load({f"{name}.csv": text.encode() for name, text in texts.items()}, on_error=on_error)


def named(data: Dataset) -> str:
    """The names that the import gave the files that it knew."""
    return " ".join(f.message for f in data.quality.findings if f.code == "known_format")


@pytest.mark.parametrize("name", ORDERS)
def test_export_of_orders_counts_what_stands(name: str) -> None:
    text, expected = ORDERS[name]
    data = loaded(export=text)
    assert f" {name}" in named(data)
    assert data.view().totals([*expected]).to_dict() == pytest.approx(expected)


@pytest.mark.parametrize("name", POSTS)
def test_export_of_posts_names_who_posted(name: str) -> None:
    text, expected = POSTS[name]
    data = loaded(**{"Content 2026-05-01_2026-06-01 Bo Lee": text})
    assert f" {name}" in named(data)
    assert data.view().totals([*expected]).to_dict() == pytest.approx(expected)
    by = data.view().by("influencer_id", metrics=["posts"])["posts"]
    assert by["B2" if "YouTube" in name else "A1"] == expected["posts"]
    assert set(data.tables["posts"]["date"].dt.month()) == {5}


@pytest.mark.parametrize("name", PAYOUTS)
def test_export_of_payments_is_spend_of_what_was_paid_or_is_due(name: str) -> None:
    text, expected = PAYOUTS[name]
    data = loaded("reject", export=text)
    assert f" {name}" in named(data)
    assert data.view().totals(["spend"])["spend"] == expected["spend"]
    paid = data.tables["payouts"]
    due = paid.filter(paid["due"])["total_payout"].sum() if "due" in paid.columns else 0
    assert due == expected.get("due", 0)


@pytest.mark.parametrize("name", LISTS)
def test_list_of_creators_is_profiles(name: str) -> None:
    orders = "influencer_id,date,orders,revenue\ntara.moves,2026-05-01,1,700\n"
    data = loaded("reject", profiles=LISTS[name], orders=orders)
    assert f" {name}" in named(data)
    people = dict(data.tables["influencers"].select("id", "follower_count").iter_rows())
    assert people == {"tara.moves": 12000, "boeats": 20000}
    assert data.view().totals(["revenue"])["revenue"] == 700


def test_made_up_network_is_one_record(monkeypatch: pytest.MonkeyPatch) -> None:
    sales = Format(
        "Zingo sales export",
        known_by=("Zingo ref", "Zingo partner", "Verdict"),
        parts=(
            Part(
                "tracking_data",
                {"Zingo ref": "tracking_id", "When": "date", "Zingo partner": "influencer_id",
                 "Basket": "revenue"},
                fixed={"orders": 1},
            ),
            Part(
                "payouts",
                {"When": "date", "Zingo partner": "influencer_id", "Cut": "total_payout"},
                fixed={"basis": "commission"},
            ),
        ),
        words={"Verdict": {"yep": "completed", "nope": "cancelled"}},
    )  # fmt: skip
    ours = known.formats()
    monkeypatch.setattr(known, "formats", lambda: (sales, *ours))
    text = (
        "Zingo ref,When,Zingo partner,Basket,Cut,Verdict\n"
        "z1,2026-05-01,tara.moves,500,50,yep\nz2,2026-05-02,boeats,200,20,nope\n"
    )
    data = loaded(export=text)
    assert "Zingo sales export" in named(data)
    assert data.view().totals(["revenue", "orders", "spend"]).to_list() == [500, 1, 50]


def test_order_of_the_shop_and_of_the_network_counts_once() -> None:
    shop = (
        "Date,Order #,N. Revenue,Net Sales,Status,Customer,Product(s),Coupon(s)\n"
        "2026-05-13 10:00,9001,1500,1500,completed,u1,1x Whey,tara10\n"
        "2026-05-14 10:00,9002,2000,2000,completed,u2,1x Whey,bo20\n"
    )
    data = loaded("reject", awin=ORDERS["Awin transactions export"][0], shop=shop)
    assert data.view().totals(["revenue", "orders", "spend"]).to_list() == [3500, 2, 350]


def test_amounts_in_another_currency_are_not_added_up() -> None:
    text = PAYOUTS["Wise transfers export"][0]
    other = text.replace("CANCELLED", "COMPLETED").replace("600,INR,Bo", "600,USD,Bo")
    data = loaded("reject", export=other)
    assert data.view().totals(["spend"])["spend"] == 1200
    assert any(f.code == "other_currency" for f in data.quality.findings)


def test_header_of_one_file_is_named_by_the_file() -> None:
    text = ORDERS["Awin transactions export"][0].replace("Publisher name", "Who")
    text = text.replace("\n91,11,", "\n91,Q,").replace(",12,Bo", ",R,Bo")
    files = {"influencers.csv": PROFILES.encode(), "awin.csv": text.encode()}
    data = load(files, mapping={"awin.csv:Who": "influencer_id"})
    by = data.view().by("influencer_id", metrics=["revenue", "spend"])
    assert by.loc["A1"].to_list() == [1500, 150] and by.loc["B2"].to_list() == [2000, 200]


def test_outcome_in_a_column_of_another_name_counts_in_a_known_format() -> None:
    text = ORDERS["impact.com actions export"][0].replace("OID\n", "OID,Validated\n")
    lines = [f"{row},yes" if row[:2] == "1." else row for row in text.splitlines()]
    lines[1] = lines[1].removesuffix("yes") + "no"
    assert loaded(export="\n".join(lines)).view().totals(["revenue"])["revenue"] == 800


def test_headers_in_hindi_are_understood() -> None:
    files = {
        "influencers": "इन्फ्लुएंसर आईडी,नाम,श्रेणी,लिंग,फ़ॉलोअर्स,प्लेटफ़ॉर्म\nA1,Tara,Fitness,Female,900,Instagram\n",
        "posts": "इन्फ्लुएंसर,प्लेटफॉर्म,तारीख,लिंक,कैप्शन,पहुँच,लाइक,टिप्पणियाँ\n"
        "A1,Instagram,2026-05-01,https://i.example/1,Leg,800,40,4\n",
        "orders": "स्रोत,अभियान,इन्फ्लुएंसर,ग्राहक,उत्पाद,ऑर्डर की तारीख,ऑर्डर,राजस्व\n"
        "Link,Fit,A1,u1,Whey,2026-05-03,2,1500\n",
        "payouts": "इन्फ्लुएंसर,भुगतान का आधार,दर,ऑर्डर,भुगतान राशि\nA1,order,100,2,200\n",
    }
    data = load({f"{name}.csv": text.encode() for name, text in files.items()})
    expected = {"revenue": 1500, "orders": 2, "spend": 200, "reach": 800, "likes": 40}
    assert data.view().totals([*expected]).to_dict() == expected


def test_currency_of_rows_is_looked_at_under_any_of_its_headers() -> None:
    text = ORDERS["Awin transactions export"][0].replace("Click ref\n", "Currency\n")
    text = text.replace(",story\n", ",INR\n").replace(",reel\n", ",USD\n")
    view = loaded("reject", export=text).view()
    assert view.totals(["revenue", "spend"]).to_list() == [1500, 150]


def test_posts_of_an_unnamed_channel_are_refused_with_the_way_out() -> None:
    with pytest.raises(SchemaError, match="name or handle, as in the profiles"):
        loaded(**{"Table data": POSTS["YouTube Studio content export"][0]})
