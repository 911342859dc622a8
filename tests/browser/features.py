"""What the two apps that stood here before could do, and the test that shows it here."""

from __future__ import annotations

FEATURES: dict[str, dict[str, str]] = {
    "Home": {
        "before there is data": "test_frame.py::test_start_shows_sample_and_says_so",
        "after data has come": "test_data.py::test_reference_files_give_expected_cards",
    },
    "Upload": {
        "influencers, posts, tracking data, payouts":
            "test_data.py::test_reference_files_give_expected_cards",
        "required columns": "test_data.py::test_templates_download",
        "preview": "test_data.py::test_messy_files_ask_and_take_answers",
        "status": "test_data.py::test_bad_files_are_explained_and_change_nothing",
    },
    "Campaigns": {
        "platform filter": "test_campaigns.py::test_cards_equal_the_library_under_each_filter",
        "date filter": "test_campaigns.py::test_cards_equal_the_library_under_each_filter",
        "campaign filter": "test_campaigns.py::test_cards_equal_the_library_under_each_filter",
        "5 KPIs": "test_campaigns.py::test_cards_equal_the_library_under_each_filter",
        "reach by platform": "test_campaigns.py::test_figures_equal_the_library",
        "reach × likes": "test_campaigns.py::test_figures_equal_the_library",
        "revenue by campaign": "test_campaigns.py::test_figures_equal_the_library",
        "revenue trend": "test_campaigns.py::test_trend_holds_every_day_of_every_campaign",
        "top 10": "test_campaigns.py::test_top_performers_are_those_of_the_campaign",
    },
    "Influencers": {
        "category filter": "test_influencers.py::test_filters_narrow",
        "platform filter": "test_influencers.py::test_filters_narrow",
        "gender filter": "test_influencers.py::test_filters_narrow",
        "follower-range filter": "test_influencers.py::test_followers_filter_narrows",
        "distribution": "test_influencers.py::test_breakdowns_equal_the_library",
        "revenue by platform": "test_influencers.py::test_breakdowns_equal_the_library",
        "followers × revenue": "test_influencers.py::test_followers_filter_narrows",
        "ROI histogram":
            "test_influencers.py::test_distribution_of_roi_counts_those_with_spend",
        "engagement × ROI quadrants": "test_influencers.py::test_quadrants_count_every_influencer",
        "ranking by score":
            "test_influencers.py::test_ranking_is_sorted_by_certainty_and_can_be_sorted_by_all",
        "ranking by revenue":
            "test_influencers.py::test_ranking_is_sorted_by_certainty_and_can_be_sorted_by_all",
        "ranking by engagement":
            "test_influencers.py::test_ranking_is_sorted_by_certainty_and_can_be_sorted_by_all",
        "ranking by ROI":
            "test_influencers.py::test_ranking_is_sorted_by_certainty_and_can_be_sorted_by_all",
    },
    "Payouts": {
        "basis filter": "test_payouts.py::test_filters_narrow",
        "category filter": "test_payouts.py::test_filters_narrow",
        "platform filter": "test_payouts.py::test_filters_narrow",
        "amount filter": "test_payouts.py::test_amount_and_name_narrow_everything",
        "name filter": "test_payouts.py::test_amount_and_name_narrow_everything",
        "total": "test_payouts.py::test_cards_equal_the_library",
        "average": "test_payouts.py::test_cards_equal_the_library",
        "cost per order": "test_payouts.py::test_cards_equal_the_library",
        "cost per 1,000 reached": "test_payouts.py::test_cards_equal_the_library",
        "by basis": "test_payouts.py::test_spend_is_broken_down",
        "histogram": "test_payouts.py::test_payments_by_amount_counts_each",
        "by platform": "test_payouts.py::test_spend_is_broken_down",
        "by category": "test_payouts.py::test_spend_is_broken_down",
        "rates by basis": "test_payouts.py::test_rates_are_told_by_basis",
        "detail": "test_payouts.py::test_single_payments_add_up",
        "best revenue per rupee": "test_payouts.py::test_most_revenue_per_rupee_is_shown",
    },
    "ROI": {
        "attribution model": "test_lift.py::test_attribution_model_is_chosen",
        "baseline method": "test_lift.py::test_every_method_says_its_assumption_or_why_not",
        "campaign filter": "test_lift.py::test_filters_narrow",
        "source filter": "test_lift.py::test_filters_narrow",
        "revenue, cost, profit, ROI, ROAS": "test_lift.py::test_cards_equal_the_library",
        "ROI by campaign": "test_lift.py::test_attribution_model_is_chosen",
        "ROAS histogram with break-even": "test_lift.py::test_histogram_scatter_and_daily_roi",
        "cost × revenue with break-even": "test_lift.py::test_histogram_scatter_and_daily_roi",
        "daily ROI": "test_lift.py::test_histogram_scatter_and_daily_roi",
        "total against incremental":
            "test_lift.py::test_incremental_roas_stands_beside_total",
        "segments": "test_lift.py::test_segments_and_health",
        "top and poor 10": "test_lift.py::test_top_and_poorest_ten",
        "portfolio health": "test_lift.py::test_segments_and_health",
    },
    "Everywhere": {
        "brand filter":
            "test_campaigns.py::test_brand_is_filtered_and_its_performance_shown",
        "brand performance":
            "test_campaigns.py::test_brand_is_filtered_and_its_performance_shown",
        "top influencers by ROAS": "test_overview.py::test_best_and_worst_influencers_by_roas",
        "underperformers": "test_lift.py::test_top_and_poorest_ten",
        "post-level analytics": "test_posts.py::test_feed_tells_what_followed_each_post",
        "exports": "test_exports.py::test_every_table_is_the_same_as_csv_and_as_xlsx",
    },
}  # fmt: skip
