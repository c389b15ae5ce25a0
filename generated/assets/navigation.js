/* Moving about in a picture: drag, wheel, two fingers, keys, and the buttons beside it. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  const STEP = 0.12;
  const FACTOR = 1.25;
  const LARGEST = 1e9;
  const SMALLEST = 1e-9;

  /** An interval made `factor` times as long around a point of it. */
  actgen.scaled = ([low, high], factor, around) => {
    const length = (high - low) * factor;
    const fits = length < LARGEST && length > SMALLEST * Math.max(1, Math.abs(around));
    return fits ? [around - (around - low) * factor, around + (high - around) * factor] : [low, high];
  };

  const moved = ([low, high], by) => [low + by, high + by];
  const centre = ([low, high]) => (low + high) / 2;

  /**
   * Lets a reader move about in a chart.
   *
   * `element` takes the keys; `get()` gives the view, `set(view)` takes the new one, `reset()` the first one back.
   */
  actgen.navigate = (chart, element, { get, set, reset }) => {
    const zoom = (factor, x, y) => {
      const view = get();
      set({ x: actgen.scaled(view.x, factor, x ?? centre(view.x)), y: actgen.scaled(view.y, factor, y ?? centre(view.y)) });
    };
    const pan = (across, up) => {
      const { x, y } = get();
      set({ x: moved(x, across * (x[1] - x[0])), y: moved(y, up * (y[1] - y[0])) });
    };
    const keys = {
      ArrowLeft: () => pan(-STEP, 0),
      ArrowRight: () => pan(STEP, 0),
      ArrowUp: () => pan(0, STEP),
      ArrowDown: () => pan(0, -STEP),
      "+": () => zoom(1 / FACTOR),
      "=": () => zoom(1 / FACTOR),
      "-": () => zoom(FACTOR),
      0: reset,
    };
    element.addEventListener("keydown", (event) => {
      const act = keys[event.key];
      if (!act || event.target !== element || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      act();
    });
    element.addEventListener("dblclick", reset);
    wheel(chart, element, zoom);
    drag(chart, element, { get, set, zoom });
    return { zoomIn: () => zoom(1 / FACTOR), zoomOut: () => zoom(FACTOR) };
  };

  /** The wheel zooms where the reader has clicked before, or with Ctrl; else the page scrolls. */
  const wheel = (chart, element, zoom) => {
    element.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey && !element.contains(document.activeElement)) return;
        event.preventDefault();
        const box = chart.plot.over.getBoundingClientRect();
        const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 300);
        zoom(factor, chart.toX(event.clientX - box.left), chart.toY(event.clientY - box.top));
      },
      { passive: false },
    );
  };

  const drag = (chart, element, { get, set, zoom }) => {
    const held = new Map();
    let start = null;
    const begin = () => {
      start = { view: get(), held: new Map(held), box: chart.plot.over.getBoundingClientRect() };
    };
    element.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || !chart.plot.over.contains(event.target)) return;
      held.set(event.pointerId, [event.clientX, event.clientY]);
      element.classList.remove("was-dragged");
      begin();
    });
    element.addEventListener("pointermove", (event) => {
      if (!held.has(event.pointerId)) return;
      held.set(event.pointerId, [event.clientX, event.clientY]);
      if (held.size > 1) pinch();
      else slide(event);
    });
    const release = (event) => {
      if (!held.delete(event.pointerId)) return;
      if (held.size) return begin();
      element.classList.toggle("was-dragged", element.classList.contains("is-dragged")); // no click, then
      element.classList.remove("is-dragged");
    };
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) element.addEventListener(kind, release);

    const slide = (event) => {
      const [from, now] = [start.held.get(event.pointerId), held.get(event.pointerId)];
      const [right, down] = [now[0] - from[0], now[1] - from[1]];
      if (!element.classList.contains("is-dragged")) {
        if (Math.hypot(right, down) < 4) return;
        element.classList.add("is-dragged");
        element.setPointerCapture(event.pointerId);
      }
      const { x, y } = start.view;
      const vertical = event.pointerType === "touch" ? 0 : down / start.box.height;
      set({ x: moved(x, (-right / start.box.width) * (x[1] - x[0])), y: moved(y, vertical * (y[1] - y[0])) });
    };

    const pinch = () => {
      const distance = (points) => {
        const [a, b] = [...points.values()];
        return Math.hypot(a[0] - b[0], a[1] - b[1]) || 1;
      };
      element.classList.add("is-dragged");
      const factor = distance(start.held) / distance(held);
      const [a, b] = [...held.values()];
      zoom(factor, chart.toX((a[0] + b[0]) / 2 - start.box.left), chart.toY((a[1] + b[1]) / 2 - start.box.top));
      begin();
    };
  };
})();
