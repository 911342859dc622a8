"""Files that hold several tables at once: shop exports, joined rows, sums by influencer."""
