/* A picture of curves over one axis, drawn by uPlot: colours of the theme, shaded regions, marked places. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  const FONT = '12px system-ui, -apple-system, "Segoe UI", sans-serif';

  /**
   * Draws curves into an element.
   *
   * `options`: `height()` in pixels; `labels` of the axes; `onPointer(x or null)`; `onView(view)` whenever a reader
   * zooms or moves; `below(context, chart)` and `above(context, chart)` draw under and over the curves.
   */
  actgen.Chart = class {
    constructor(element, options) {
      this.element = element;
      this.options = options;
      this.view = { x: [0, 1], y: [0, 1] };
      this.series = [];
      this.data = [[]];
      new ResizeObserver(() => this.#resize()).observe(element);
      actgen.onTheme(() => this.plot && this.#make());
    }

    /** Shows these curves, `{label, colour, dash, width, ys, fill}` each over `xs`; colours are names of the style sheet. */
    show(xs, series, view) {
      const same = this.plot && series.length === this.series.length && this.named === this.options.labels.x;
      const alike = same && series.every((s, i) => s.colour === this.series[i].colour);
      this.series = series;
      this.data = [xs, ...series.map((s) => s.ys)];
      this.view = view;
      if (!alike) this.#make();
      this.plot.batch(() => {
        this.plot.setData(this.data, false);
        this.plot.setScale("x", { min: view.x[0], max: view.x[1] });
        this.plot.setScale("y", { min: view.y[0], max: view.y[1] });
      });
    }

    /** Pixels of the drawing to a value, and back. */
    toX = (pixel) => this.plot.posToVal(pixel, "x");
    toY = (pixel) => this.plot.posToVal(pixel, "y");

    #make() {
      this.plot?.destroy();
      this.named = this.options.labels.x;
      this.plot = new uPlot(this.#settings(), this.data, this.element);
      this.plot.setScale("x", { min: this.view.x[0], max: this.view.x[1] });
      this.plot.setScale("y", { min: this.view.y[0], max: this.view.y[1] });
      this.options.onMake?.(this);
    }

    #settings() {
      const { labels } = this.options;
      return {
        width: Math.max(this.element.clientWidth, 200),
        height: this.options.height(),
        legend: { show: false },
        cursor: {
          drag: { x: false, y: false },
          focus: { prox: -1 },
          y: false,
          points: { size: 8, width: 2, fill: () => actgen.colour("--surface") },
        },
        scales: { x: { time: false, auto: false }, y: { auto: false } },
        axes: [axis(labels.x, 34), axis(labels.y, 46)],
        series: [{}, ...this.series.map(line)],
        hooks: {
          drawClear: [(plot) => this.#paint(plot, this.#grounds)],
          draw: [(plot) => this.#paint(plot, this.options.above)],
          setCursor: [(plot) => this.#pointed(plot)],
        },
      };
    }

    #grounds = (context, chart) => {
      drawZeroLines(context, chart);
      this.options.below?.(context, chart);
    };

    #paint(plot, draw) {
      if (!draw) return;
      const { ctx, bbox } = plot;
      ctx.save();
      ctx.beginPath();
      ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
      ctx.clip();
      draw(ctx, {
        plot,
        box: bbox,
        ratio: devicePixelRatio,
        x: (value) => plot.valToPos(value, "x", true),
        y: (value) => plot.valToPos(value, "y", true),
      });
      ctx.restore();
    }

    #pointed(plot) {
      const { left } = plot.cursor;
      this.options.onPointer?.(left === undefined || left < 0 ? null : plot.posToVal(left, "x"));
    }

    #resize() {
      const width = this.element.clientWidth;
      if (this.plot && width) this.plot.setSize({ width, height: this.options.height() });
    }
  };

  const line = (series) => ({
    label: series.label,
    stroke: () => actgen.colour(series.colour),
    width: series.width ?? 2,
    dash: series.dash,
    fill: series.fill ? () => actgen.colour(series.fill) : undefined,
    pxAlign: 0,
    points: { show: false },
  });

  const axis = (label, size) => ({
    label,
    labelSize: label ? 18 : 0,
    labelFont: FONT,
    font: FONT,
    size,
    gap: 4,
    stroke: () => actgen.colour("--text-soft"),
    grid: { stroke: () => actgen.colour("--grid"), width: 1 },
    ticks: { stroke: () => actgen.colour("--grid"), width: 1, size: 4 },
    values: (_, splits) => splits.map((split) => (split === null ? "" : actgen.formatNumber(split))),
  });

  const drawZeroLines = (context, { x, y, box, ratio }) => {
    context.strokeStyle = actgen.colour("--axis");
    context.lineWidth = ratio;
    context.beginPath();
    context.moveTo(x(0), box.top);
    context.lineTo(x(0), box.top + box.height);
    context.moveTo(box.left, y(0));
    context.lineTo(box.left + box.width, y(0));
    context.stroke();
  };

  /** A filled or an open dot. */
  actgen.drawDot = (context, { x, y, ratio }, at, value, colour, open) => {
    context.beginPath();
    context.arc(x(at), y(value), 4 * ratio, 0, 2 * Math.PI);
    context.fillStyle = open ? actgen.colour("--surface") : colour;
    context.strokeStyle = colour;
    context.lineWidth = 2 * ratio;
    context.fill();
    context.stroke();
  };

  actgen.chartFont = (ratio, weight = "") => `${weight} ${11 * ratio}px system-ui, -apple-system, "Segoe UI", sans-serif`;
})();
