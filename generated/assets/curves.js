/* From functions to points: an even grid with both sides of every breakpoint, gaps at jumps and poles. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  /**
   * One activation at some values of its parameters, along one of its inputs.
   *
   * `functions` is what the activation's own script registers; `parameters` are numbers by name; `others` the values
   * of the inputs that stay where they are.
   */
  actgen.along = (functions, { parameters, input, others, output }) => {
    const place = functions.inputs.indexOf(input);
    const given = functions.inputs.map((name) => others[name] ?? 0);
    const rest = functions.parameters.map((name) => parameters[name]);
    const row = functions.outputs.indexOf(output);
    const width = given.length + rest.length;
    const at = (x) => {
      given[place] = x;
      return [...given, ...rest];
    };
    const names = [...functions.inputs, ...functions.parameters];
    const breakpoints = functions
      .breakpoints(...rest)
      .filter((b) => b.output === output && b.variable === input && Number.isFinite(b.at));
    return {
      value: (x) => functions.forward(...at(x))[row],
      partial: (name, x) => functions.partials(...at(x))[row * width + names.indexOf(name)],
      breakpoints,
    };
  };

  /** The abscissas of a picture from `low` to `high`: `count` of them, and each place with a neighbour on either side. */
  actgen.grid = (low, high, count, places) => {
    const step = (high - low) / (count - 1);
    const seen = places.filter((place) => place > low && place < high);
    const even = Array.from({ length: count }, (_, i) => low + i * step);
    const points = even.filter((x) => seen.every((place) => Math.abs(x - place) > step));
    for (const place of seen) points.push(place - step, place, place + step);
    return [...new Set(points)].sort((a, b) => a - b);
  };

  /** The ordinates over a grid; null where the line is broken. */
  actgen.ordinates = (curve, xs, places) => {
    const ys = xs.map((x) => finite(curve(x)));
    const spread = span(ys);
    for (const place of places) {
      const i = xs.indexOf(place);
      if (i <= 0 || i + 1 >= xs.length) continue;
      const near = 1e-9 * Math.max(1, Math.abs(place));
      const [left, right] = [finite(curve(place - near)), finite(curve(place + near))];
      if (left === null || right === null || Math.abs(right - left) > 1e-6 * (spread || 1)) ys[i] = null;
    }
    breakPoles(ys, spread);
    return ys;
  };

  const finite = (y) => (Number.isFinite(y) ? y : null);

  /** How far the middle nine tenths of the values reach: a pole does not count. */
  const span = (ys) => {
    const [low, high] = actgen.middle(ys);
    return high - low;
  };

  const breakPoles = (ys, spread) => {
    for (let i = 1; i < ys.length; i++) {
      if (ys[i] === null || ys[i - 1] === null || ys[i] * ys[i - 1] >= 0) continue;
      if (Math.min(Math.abs(ys[i]), Math.abs(ys[i - 1])) > 3 * spread) ys[i] = null;
    }
  };

  /** The ends of the middle nine tenths of some values. */
  actgen.middle = (ys) => {
    const sorted = ys.filter((y) => y !== null).sort((a, b) => a - b);
    if (!sorted.length) return [0, 1];
    const at = (share) => sorted[Math.round(share * (sorted.length - 1))];
    return [at(0.05), at(0.95)];
  };

  /** The ends of what a picture of these curves shows: all of them, unless one runs away at a pole. */
  actgen.verticalRange = (columns) => {
    let [low, high] = [Infinity, -Infinity];
    for (const ys of columns) {
      const known = ys.filter((y) => y !== null);
      if (!known.length) continue;
      const [from, to] = actgen.middle(ys);
      const room = 2 * (to - from) || Infinity;
      low = Math.min(low, Math.max(known.reduce((a, b) => Math.min(a, b)), from - room));
      high = Math.max(high, Math.min(known.reduce((a, b) => Math.max(a, b)), to + room));
    }
    if (!(low <= high)) return [-1, 1];
    const margin = 0.08 * (high - low) || Math.max(1, Math.abs(low)) * 0.5;
    return [low - margin, high + margin];
  };
})();
