"""Whitening, mixtures and kernels: the parts that every lift estimate stands on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hk_metrics.incrementality.kernels import delay, geometric, kernels, responses
from hk_metrics.incrementality.mixture import Mixture
from hk_metrics.incrementality.noise import Noise, noise_grid
from hk_metrics.incrementality.regression import baseline_columns, independent
from hk_metrics.incrementality.series import Series

RHO = st.floats(0.0, 0.95)
DRIFT = st.floats(0.0, 0.2)


def covariance(rho: float, drift: float, days: int) -> np.ndarray:
    """The definition, written out: ρ^|s − t| + q · min(s, t)."""
    t = np.arange(days)
    return rho ** np.abs(t[:, None] - t) + drift * np.minimum(t[:, None], t)


@given(RHO, DRIFT, st.integers(3, 40), st.integers(0, 1000))
def test_whitening_equals_the_dense_factor(rho: float, drift: float, days: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    columns, weights = rng.normal(size=(days, 2)), rng.normal(size=days)
    noise, root = Noise(rho, drift, days), np.linalg.cholesky(covariance(rho, drift, days))
    np.testing.assert_allclose(noise.whiten(columns), np.linalg.solve(root, columns), atol=1e-6)
    np.testing.assert_allclose(noise.pull(weights), weights @ root, atol=1e-8)
    np.testing.assert_allclose(
        noise.adjoint(weights) @ columns, weights @ noise.whiten(columns), atol=1e-6
    )
    assert noise.log_root == pytest.approx(np.log(np.diag(root)).sum(), abs=1e-8)


def test_noise_prior_is_two_to_one_for_a_steady_baseline() -> None:
    # Six values of ρ, each with one steady noise of weight 2 and five drifting ones of 1/5.
    weight = {n: np.exp(n.log_prior) for n in noise_grid(30)}
    steady = sum(w for n, w in weight.items() if n.drift == 0)
    assert (steady, sum(weight.values())) == (pytest.approx(12), pytest.approx(18))


def test_mixture_of_one_is_a_t() -> None:
    one = Mixture(np.array([10.0]), np.array([2.0]), np.array([5.0]), np.array([-3.0]))
    # The 95 % quantile of a t with 5 degrees of freedom is 2.015048.
    assert one.quantile(0.95) == pytest.approx(10 + 2 * 2.015048, abs=1e-5)
    assert one.interval(0.90)[0] == pytest.approx(10 - 2 * 2.015048, abs=1e-5)


def test_mixture_weighs_by_evidence() -> None:
    # Evidence e⁰ : e^ln 3 = 1 : 3, so the mean is (1·0 + 3·8) ÷ 4 = 6.
    two = Mixture(
        np.array([0.0, 8.0]), np.array([1.0, 1.0]), np.array([9.0, 9.0]), np.log([1.0, 3.0])
    )
    assert two.mean == pytest.approx(6.0)
    assert two.probability_below(4.0) == pytest.approx(
        0.25 * stats.t.cdf(4, 9) + 0.75 * stats.t.cdf(-4, 9)
    )
    assert two.draws(4000, seed=1).mean() == pytest.approx(6.0, abs=0.2)


def test_mixture_draws_repeat() -> None:
    one = Mixture(np.array([1.0]), np.array([1.0]), np.array([9.0]), np.array([0.0]))
    assert (one.draws(5, seed=3) == one.draws(5, seed=3)).all()


def test_kernels_sum_to_one_and_never_fall_below_zero() -> None:
    assert kernels().sum(axis=1) == pytest.approx(1.0)
    assert (kernels() >= 0).all()


def test_response_reaches_from_posts_before_the_series() -> None:
    # One post three days before a series of two days: what is left on ages 3 and 4.
    exposure = np.array([1.0, 0.0, 0.0, 0.0, 0.0])
    np.testing.assert_allclose(responses(exposure, 2), kernels()[:, 3:5].T, atol=1e-12)


def test_delay_of_a_halving_kernel() -> None:
    only = (kernels() == geometric(1.0)).all(axis=1).astype(float)
    # Half of it comes on the first day, three quarters within two.
    assert delay(only) == pytest.approx(1.0)
    assert delay(only, 0.75) == pytest.approx(2.0)


def test_baseline_leaves_out_controls_that_say_the_same() -> None:
    sundays = (np.arange(56) % 7 == 3).astype(float)[:, None]
    sale = (np.arange(56) == 20).astype(float)[:, None]
    plain = Series(np.datetime64("2025-01-01", "D"), np.ones(56), np.ones(56))
    told = replace(plain, controls=np.hstack([sundays, sale, 0 * sale]))
    assert baseline_columns(plain).shape == (56, 8)
    assert baseline_columns(told).shape == (56, 9)
    assert independent(np.eye(3)).all()
