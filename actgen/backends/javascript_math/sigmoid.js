/** 1/(1 + e^-a), accurate in both tails. */
function _sigmoid(a) {
  const e = Math.exp(-Math.abs(a));
  return a < 0 ? e / (1 + e) : 1 / (1 + e);
}
