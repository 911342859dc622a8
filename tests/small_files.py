"""Four small CSV files, the worked example of the design, to be spoilt by tests."""

from __future__ import annotations

INFLUENCERS = """\
id,name,category,gender,follower_count,platform
1,Asha,Fitness,Female,10000,Instagram
2,Bo,Nutrition,Male,20000,YouTube
3,Cy,Yoga,Female,30000,Twitter
"""
POSTS = """\
influencer_id,platform,date,url,caption,reach,likes,comments
1,Instagram,2025-03-01,https://i.example/1,P1,1000,40,10
1,Instagram,2025-03-11,https://i.example/2,P2,3000,90,30
2,YouTube,2025-03-05,https://y.example/3,P3,6000,200,40
"""
TRACKING = """\
source,campaign,influencer_id,user_id,product,date,orders,revenue
SwipeUp,Fit,1,u1,Whey,2025-03-02,1,300
PromoCode,Fit,1,u2,Whey,2025-03-03,1,500
BioLink,Run,1,u1,Omega,2025-03-12,2,400
SwipeUp,Run,2,u3,Whey,2025-03-06,1,250
SwipeUp,Fit,2,u4,Omega,2025-03-20,3,750
"""
PAYOUTS = """\
influencer_id,basis,rate,orders,total_payout
1,post,200,,400
2,order,100,4,400
3,post,90,,90
"""
FLAT = """\
Influencer,Platform,Category,Followers,Posts,Reach,Likes,Comments,Orders,Revenue,Spend,ROAS
Asha,Instagram,Fitness,12K,2,"1,000",50,10,4,"₹2,000",500,4
Bo,YouTube,Yoga,20000,3,6000,200,40,5,1000,400,2.5
"""
SHOP = """\
Name,Email,Financial Status,Currency,Subtotal,Total,Discount Code,Discount Amount,Created at,\
Lineitem quantity,Lineitem name,Lineitem price,Refunded Amount,Vendor
#1001,a@x.in,paid,INR,900,1000,ASHA10,100,2025-03-01 10:00:00 +0530,1,Omega,200,0,HK
#1001,a@x.in,,,,,,,2025-03-01 10:00:00 +0530,1,Whey,800,,MB
#1002,b@x.in,partially_refunded,INR,500,500,asha10,0,2025-03-02 10:00:00 +0530,1,Omega,500,150,HK
#1003,c@x.in,paid,INR,300,300,,0,2025-03-02 10:00:00 +0530,1,Omega,300,0,HK
#1004,d@x.in,voided,INR,700,700,ASHA10,0,2025-03-02 10:00:00 +0530,1,Omega,700,0,HK
"""
CREATORS = """\
id,name,category,gender,follower_count,platform,Promo Code
1,Asha,Fitness,Female,100,Instagram,asha10
"""


def files(**changed: str | bytes | None) -> dict[str, bytes]:
    """Return the files as an upload; one given by its table's name is changed, None leaves it out.

    Totals of all four: revenue 2,200, orders 8, spend 890, reach 10,000.
    """
    texts: dict[str, str | bytes | None] = {
        "influencers": INFLUENCERS,
        "posts": POSTS,
        "tracking_data": TRACKING,
        "payouts": PAYOUTS,
        **changed,
    }
    return {
        f"{name}.csv": text.encode() if isinstance(text, str) else text
        for name, text in texts.items()
        if text is not None
    }
