/* What is drawn over and under the curves: breakpoints with their smoothness, and regions without a gradient. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  const WORDS = { discontinuous: "jump", C0: "C⁰", C1: "C¹", C2: "C²", Cinf: "C∞" };

  /** Breakpoints with a label: as it was proved at the nominal parameters, elsewhere as the numbers look. */
  actgen.judged = (curve, proved) =>
    curve.breakpoints
      .map((b) => ({ ...b, label: proved ? (WORDS[b.smoothness] ?? "not proved") : looks(curve, b.at) }))
      .filter((b) => b.label !== "C∞");

  const looks = (curve, at) => {
    const near = 1e-7 * Math.max(1, Math.abs(at));
    const differ = (f, tolerance) => {
      const [left, right] = [f(at - near), f(at + near)];
      return !(Math.abs(right - left) <= tolerance * (1 + Math.abs(left) + Math.abs(right)));
    };
    if (differ(curve.value, 1e-4)) return "jump";
    return differ((x) => curve.partial(curve.breakpoints.find((b) => b.at === at).variable, x), 1e-4) ? "C⁰" : "≥ C¹";
  };

  actgen.drawBreakpoints = (context, chart, breakpoints, lines, curve) => {
    for (const { at, label } of breakpoints) {
      const x = chart.x(at);
      context.strokeStyle = actgen.colour("--mark");
      context.lineWidth = chart.ratio;
      context.setLineDash([3 * chart.ratio, 4 * chart.ratio]);
      context.beginPath();
      context.moveTo(x, chart.box.top);
      context.lineTo(x, chart.box.top + chart.box.height);
      context.stroke();
      context.setLineDash([]);
      pill(context, chart, x, label);
      for (const line of lines) drawSides(context, chart, at, (t) => line.at(curve, t), actgen.colour(line.colour));
    }
  };

  /** At a jump: the value that holds, and the side that it does not belong to. */
  const drawSides = (context, chart, at, f, colour) => {
    const near = 1e-9 * Math.max(1, Math.abs(at));
    const [left, here, right] = [f(at - near), f(at), f(at + near)];
    const size = 1e-4 * (1 + Math.abs(left) + Math.abs(right));
    if (![left, here, right].every(Number.isFinite) || Math.abs(right - left) <= size) return;
    for (const side of [left, right]) {
      if (Math.abs(side - here) > size) actgen.drawDot(context, chart, at, side, colour, true);
    }
    actgen.drawDot(context, chart, at, here, colour, false);
  };

  const pill = (context, { box, ratio }, x, text) => {
    context.font = actgen.chartFont(ratio, "600");
    const width = context.measureText(text).width + 10 * ratio;
    const left = Math.min(Math.max(x - width / 2, box.left + 2 * ratio), box.left + box.width - width - 2 * ratio);
    const top = box.top + 4 * ratio;
    context.fillStyle = actgen.colour("--surface");
    context.strokeStyle = actgen.colour("--mark");
    context.beginPath();
    context.roundRect(left, top, width, 18 * ratio, 9 * ratio);
    context.fill();
    context.stroke();
    context.fillStyle = actgen.colour("--text");
    context.textAlign = "left";
    context.textBaseline = "middle";
    context.fillText(text, left + 5 * ratio, top + 9.5 * ratio);
  };

  /** Shades where the derivative is zero, or nearly. */
  actgen.drawRegions = (context, { x, box, ratio }, regions) => {
    for (const { kind, from, to } of regions) {
      const [left, right] = [x(from), x(to)];
      context.fillStyle = actgen.colour(`--${kind}`);
      context.fillRect(left, box.top, right - left, box.height);
      context.font = actgen.chartFont(ratio);
      const text = kind === "dead" ? "dead: f′ = 0" : "saturated";
      if (context.measureText(text).width + 12 * ratio > right - left) continue;
      context.fillStyle = actgen.colour("--text-soft");
      context.textAlign = "left";
      context.textBaseline = "bottom";
      context.fillText(text, left + 6 * ratio, box.top + box.height - 5 * ratio);
    }
  };
})();
