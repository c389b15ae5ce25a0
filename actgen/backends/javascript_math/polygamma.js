/**
 * The derivative of digamma of an order >= 1; NaN at the poles and at -Infinity.
 *
 * -(-1)ⁿ·n!·ζ(n + 1, a), Hurwitz's zeta function by the formula of Euler and Maclaurin; for negative arguments the
 * derivative of the reflection formula. Within 1e-13 of the value, and of 1 near the zeros at negative arguments.
 */
function _polygamma(order, a) {
  if ((a <= 0 && Number.isInteger(a)) || a === -Infinity) return NaN;
  let factorial = 1;
  for (let k = 2; k <= order; k++) factorial *= k;
  if (a > 0) return (order % 2 === 0 ? -factorial : factorial) * _hurwitz(order + 1, a);
  const poles = Math.PI ** (order + 1) * _cotDerivative(order, _cospi(a) / _sinpi(a));
  return -poles - factorial * _hurwitz(order + 1, 1 - a);
}

/** Σ (a + k)^-s over k >= 0, for an integer s >= 2 and a > 0. */
function _hurwitz(s, a) {
  let total = 0;
  let k = 0;
  for (; a + k < 12 + s; k++) total += (a + k) ** -s;
  const b = a + k;
  let rising = s / b / b; // s(s + 1)…(s + 2j - 2)/b^(2j)
  let tail = 1 / (s - 1) + 0.5 / b;
  for (let j = 0; j < _EULER_MACLAURIN.length; j++) {
    tail += _EULER_MACLAURIN[j] * rising;
    rising *= ((s + 2 * j + 1) / b) * ((s + 2 * j + 2) / b);
  }
  return total + tail * b ** (1 - s);
}

/** The derivative of cot of an order, as a polynomial in c = cot: each is -(1 + c²) times the slope of the last. */
function _cotDerivative(order, c) {
  let powers = [0, 1];
  for (let n = 0; n < order; n++) {
    const next = new Array(powers.length + 1).fill(0);
    for (let k = 1; k < powers.length; k++) {
      next[k - 1] -= k * powers[k];
      next[k + 1] -= k * powers[k];
    }
    powers = next;
  }
  return _polynomial(c, powers);
}

// B₂ⱼ/(2j)!, j = 1, 2, …, with Bernoulli's numbers.
const _EULER_MACLAURIN = [
  1 / 12, -1 / 720, 1 / 30240, -1 / 1209600, 1 / 47900160, -691 / 1307674368000, 1 / 74724249600,
  -3617 / 10670622842880000,
];
