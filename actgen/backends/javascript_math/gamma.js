/**
 * Euler's gamma function; NaN at the poles and at -Infinity.
 *
 * Stirling's series from 10 on, below that the recurrence to and from [1.5, 2.5], where a polynomial is fitted, for
 * negative arguments the reflection formula. Within 1e-13 of the value.
 */
function _gamma(a) {
  if ((a <= 0 && Number.isInteger(a)) || a === -Infinity) return NaN;
  if (a < -0.5) return _gammaBelow(a);
  if (a >= 10) return _gammaAbove(a);
  let rest = a;
  let factor = 1;
  for (; rest > 2.5; rest -= 1) factor *= rest - 1;
  for (; rest < 1.5; rest += 1) factor /= rest;
  return factor * Math.exp(_lgammaNear(rest - 2));
}

/** Γ(a) for a >= 10; the power is a square, lest it overflow before the result does. */
function _gammaAbove(a) {
  if (a > 172) return Infinity;
  const root = a ** (0.5 * a - 0.25);
  return root * ((root / Math.exp(a)) * Math.sqrt(2 * Math.PI)) * Math.exp(_stirling(a));
}

/** Γ(a) = -π/(a·sin(πa)·Γ(-a)) for a < -0.5; where Γ(-a) may overflow, factor by factor. */
function _gammaBelow(a) {
  let value = -Math.PI / (a * _sinpi(a));
  let rest = Math.min(-a, 200); // beyond it the result is 0
  for (; rest > 160; rest -= 1) value /= rest - 1;
  return value / _gamma(rest);
}

/**
 * log |Γ(a)|; Infinity at the poles and at ±Infinity.
 *
 * As `_gamma`, without an exponential. Within 1e-13 of the value, and of 1 near the zeros at negative arguments.
 */
function _lgamma(a) {
  if ((a <= 0 && Number.isInteger(a)) || Math.abs(a) === Infinity) return Infinity;
  if (a <= -0.5) return Math.log(Math.PI / Math.abs(a * _sinpi(a))) - _lgamma(-a);
  if (a < 0.5) return _lgammaNear(a) - Math.log1p(a) - Math.log(Math.abs(a));
  if (a < 1.5) return _lgammaNear(a - 1) - Math.log1p(a - 1);
  if (a >= 10) return (a - 0.5) * (Math.log(a) - 1) + (0.5 * Math.log(2 * Math.PI) - 0.5 + _stirling(a));
  let rest = a;
  let factor = 1;
  for (; rest > 2.5; rest -= 1) factor *= rest - 1;
  return _lgammaNear(rest - 2) + Math.log(factor);
}

/** log Γ(2 + u), |u| <= 0.5. */
function _lgammaNear(u) {
  return u * _polynomial(u, _LGAMMA_OVER_U);
}

/** What Stirling's formula for log Γ(a) lacks, a >= 10. */
function _stirling(a) {
  return _polynomial(1 / (a * a), _STIRLING) / a;
}

// log Γ(2 + u)/u, |u| <= 0.5.
const _LGAMMA_OVER_U = [
  0.42278433509846713, 0.32246703342411326, -0.0673523010531954, 0.02058080842777743,
  -0.007385551028950048, 0.0028905103311645873, -0.0011927539006155526, 0.0005096695126216898,
  -0.00022315498276485808, 9.94577066263653e-5, -4.492368620083568e-5, 2.0505362264521255e-5,
  -9.456471334908629e-6, 4.3856203684731824e-6, -1.973883648319063e-6, 9.180785435386399e-7,
  -5.81537234575304e-7, 2.8051021617198687e-7,
];

// B₂ₖ/(2k(2k - 1)), k = 1, 2, …, with Bernoulli's numbers.
const _STIRLING = [
  1 / 12, -1 / 360, 1 / 1260, -1 / 1680, 1 / 1188, -691 / 360360, 1 / 156, -3617 / 122400,
];
