/* Where an activation stops learning: intervals on which its derivative is zero, or nearly so. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  /** A derivative below this share of its largest value counts as saturated. */
  actgen.SATURATED = 0.01;

  /**
   * Intervals of a grid where |f′| is 0 ("dead") or at most a hundredth of its largest value there ("saturated").
   *
   * Single points, where a smooth derivative merely passes zero, are left out.
   */
  actgen.regions = (xs, slopes) => {
    const largest = slopes.reduce((found, s) => (s === null ? found : Math.max(found, Math.abs(s))), 0);
    const kinds = slopes.map((slope) => kind(slope, largest));
    const found = [];
    let start = 0;
    for (let i = 1; i <= kinds.length; i++) {
      if (i < kinds.length && (kinds[i] === kinds[start] || kinds[i] === "broken")) continue;
      if (kinds[start] !== "live" && kinds[start] !== "broken") {
        found.push({ kind: kinds[start], from: xs[start], to: xs[i - 1] });
      }
      start = i;
    }
    const least = (xs[xs.length - 1] - xs[0]) / 50;
    return found.filter((region) => region.to - region.from > least);
  };

  const kind = (slope, largest) => {
    if (slope === null) return "broken";
    if (slope === 0) return "dead";
    return Math.abs(slope) <= actgen.SATURATED * largest ? "saturated" : "live";
  };
})();
