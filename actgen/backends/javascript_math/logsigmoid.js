/** log(1/(1 + e^-a)), accurate in both tails. */
function _logsigmoid(a) {
  return -_softplus(-a);
}
