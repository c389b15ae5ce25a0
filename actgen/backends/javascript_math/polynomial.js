/** Σ cₖ aᵏ, by Horner's rule. */
function _polynomial(a, coefficients) {
  let total = coefficients[coefficients.length - 1];
  for (let k = coefficients.length - 2; k >= 0; k--) total = coefficients[k] + a * total;
  return total;
}
