/** a to the power of b as IEEE 754 has it: 1 where `a ** b` is NaN for a base of 1 or an infinite exponent of -1. */
function _pow(a, b) {
  return a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b;
}
