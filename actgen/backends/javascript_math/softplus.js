/** log(1 + e^a), accurate in both tails. */
function _softplus(a) {
  return Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a)));
}
