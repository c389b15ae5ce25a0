/* What becomes of a normal distribution: the activation applied to its quantiles. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  const COUNT = 20000;
  const ATOM = 0.005;
  let scores = null;

  /** The standard normal quantile, by Acklam's rational approximation (2003); relative error below 1.2e-9. */
  actgen.normalQuantile = (p) => {
    const tail = Math.min(p, 1 - p);
    if (tail >= 0.02425) {
      const q = p - 0.5;
      const r = q * q;
      return (q * horner(CENTRE_OVER, r)) / horner(CENTRE_UNDER, r);
    }
    const q = Math.sqrt(-2 * Math.log(tail));
    const z = horner(TAIL_OVER, q) / horner(TAIL_UNDER, q);
    return p < 0.5 ? z : -z;
  };

  const horner = (coefficients, u) => coefficients.reduce((sum, c) => sum * u + c, 0);
  const CENTRE_OVER = [
    -39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239,
  ];
  const CENTRE_UNDER = [
    -54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1,
  ];
  const TAIL_OVER = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968,
    2.938163982698783,
  ];
  const TAIL_UNDER = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];

  /** Standard normal numbers that fill the distribution evenly, in a fixed order; one row for each input. */
  const normalScores = (dimensions) => {
    if (scores?.length !== dimensions) {
      // A Weyl sequence of generalised golden ratios (Roberts 2018): evenly spread in any number of dimensions.
      let phi = 2;
      for (let i = 0; i < 40; i++) phi = (1 + phi) ** (1 / (dimensions + 1));
      scores = Array.from({ length: dimensions }, (_, d) =>
        Float64Array.from({ length: COUNT }, (_, n) =>
          actgen.normalQuantile(dimensions === 1 ? (n + 0.5) / COUNT : (0.5 + (n + 1) * phi ** -(d + 1)) % 1),
        ),
      );
    }
    return scores;
  };

  /**
   * The distribution of an output when every input is normal.
   *
   * Returns its mean, its standard deviation, the atoms (values that have a probability of their own) and a histogram
   * of the rest: edges and densities.
   */
  actgen.distribution = (functions, { parameters, output, mean, deviation, bins = 90 }) => {
    const rest = functions.parameters.map((name) => parameters[name]);
    const row = functions.outputs.indexOf(output);
    const columns = normalScores(functions.inputs.length);
    const values = Float64Array.from({ length: COUNT }, (_, n) =>
      functions.forward(...columns.map((column) => mean + deviation * column[n]), ...rest)[row],
    ).filter(Number.isFinite);
    values.sort();
    const { atoms, spread } = separate(values);
    const average = values.reduce((sum, v) => sum + v, 0) / values.length;
    const variance = values.reduce((sum, v) => sum + (v - average) ** 2, 0) / values.length;
    return {
      mean: average,
      deviation: Math.sqrt(variance),
      defined: values.length / COUNT,
      atoms,
      ...histogram(spread, values.length, bins),
    };
  };

  /** Values that come up again and again, and all others; the values are sorted. */
  const separate = (values) => {
    const atoms = [];
    const spread = [];
    for (let i = 0; i < values.length; ) {
      let end = i;
      while (end < values.length && values[end] === values[i]) end++;
      const share = (end - i) / values.length;
      if (share >= ATOM) atoms.push({ value: values[i], share });
      else for (let k = i; k < end; k++) spread.push(values[k]);
      i = end;
    }
    return { atoms, spread };
  };

  /** Bins between the outermost half per mille, so that one far value does not flatten the rest. */
  const histogram = (spread, total, bins) => {
    if (spread.length < 2) return { edges: [], densities: [] };
    const cut = Math.floor(spread.length / 2000);
    const [low, high] = [spread[cut], spread[spread.length - 1 - cut]];
    const width = (high - low) / bins;
    if (!(width > 0)) return { edges: [], densities: [] };
    const counts = new Array(bins).fill(0);
    for (const value of spread) {
      const bin = Math.floor((value - low) / width);
      if (bin >= 0 && bin <= bins) counts[Math.min(bin, bins - 1)]++;
    }
    return {
      edges: Array.from({ length: bins + 1 }, (_, i) => low + i * width),
      densities: counts.map((count) => count / (total * width)),
    };
  };

  /** The density of the normal distribution. */
  actgen.normalDensity = (x, mean, deviation) =>
    Math.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * Math.sqrt(2 * Math.PI));
})();
