/**
 * The error function.
 *
 * Up to 1 a fitted polynomial, beyond it 1 less what `_erfc` gives. Within 2 ulp.
 */
function _erf(a) {
  const size = Math.abs(a);
  if (size <= 1) return a + a * _polynomial(a * a, _ERF_TAIL);
  return Math.sign(a) * (1 - _erfcAbove(size));
}

/** 1 - erf(a), without cancellation; within 4 ulp. */
function _erfc(a) {
  const size = Math.abs(a);
  if (size <= 0.8) return 1 - a - a * _polynomial(a * a, _ERF_TAIL);
  return a < 0 ? 2 - _erfcAbove(size) : _erfcAbove(size);
}

/** 1 - erf(a) for a >= 0.8, as e^-a² times a smooth function. */
function _erfcAbove(a) {
  if (a > 28) return 0;
  const high = Math.fround(a); // its square is exact
  return Math.exp(-high * high) * (Math.exp((high - a) * (high + a)) * _erfcx(a));
}

/**
 * e^(a²)·erfc(a) for 0.8 <= a <= 28: (a + 2) times it is a polynomial in (a - 2)/(a + 2), after
 * M. M. Shepherd and J. G. Laframboise, Math. Comp. 36 (1981), who take 1 + 2a.
 */
function _erfcx(a) {
  const t = (a - 2) / (a + 2);
  return (1 + _polynomial(t, _ERFCX_TAIL)) / (a + 2);
}

// erf(r)/r - 1 in r², |r| <= 1.
const _ERF_TAIL = [
  0.1283791670955126, -0.37612638903183904, 0.11283791670960576, -0.02686617064604513,
  0.0052239776340724945, -0.0008548327531646161, 0.0001205535277411413, -1.4926177579784655e-5,
  1.6471867905505922e-6, -1.6491030184650566e-7, 1.5899925019059405e-8, -1.8468845082210184e-9,
  2.9725009179579693e-10, -3.536785299563518e-11,
];

// (a + 2)·e^(a²)·erfc(a) - 1 in t = (a - 2)/(a + 2), a >= 0.8.
const _ERFCX_TAIL = [
  0.021582705242022982, -0.687160684413811, 0.2794720925560516, -0.03644223150679901,
  -0.02151066188926189, 0.006479185062637147, 0.0030906120558983636, -0.0008372959169272823,
  -0.0006630735958361849, 3.436929505353752e-5, 0.00014447413938656643, 3.41651793802583e-5,
  -2.1738961400299033e-5, -1.6170659070474817e-5, -8.68790852834373e-7, 3.5526421929173475e-6,
  1.3216498112179345e-6, 9.627395363657702e-7, -3.398065573407276e-7, -1.936257909178607e-6,
  1.4685557171622917e-6, -3.339710938861487e-7, 1.0199587370985366e-8,
];
