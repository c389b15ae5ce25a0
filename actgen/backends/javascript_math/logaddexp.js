/** log(e^a + e^b), without overflow. */
function _logaddexp(a, b) {
  if (a === b) return a + Math.LN2; // the difference of two infinities would be NaN
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}
