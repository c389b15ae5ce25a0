/** ±Infinity replaced by the largest finite numbers; NaN stays. */
function _finite(a) {
  return Math.min(Math.max(a, -Number.MAX_VALUE), Number.MAX_VALUE);
}
