// What a reader had set of the picture, carried over to the next activation: sliders, what is shown, the part in view.

const CHOSEN = ["show.input", "show.partial", "show.output"];

/**
 * The entries of `kept`, which are about the picture of `before`, under the names that `now` has.
 *
 * A quantity was renamed where another one stands in its place, with the same value at the start, and neither picture has
 * both names. */
export function carried(kept, before, now) {
  const renamed = new Map(["parameters", "inputs", "outputs"].flatMap((kind) => pairs(before[kind], now[kind])));
  const nowCalled = (name) => renamed.get(name) ?? name;
  return new Map([...kept].map(([key, value]) => (CHOSEN.includes(key) ? [key, nowCalled(value)] : [nowCalled(key), value])));
}

const pairs = (before, now) => {
  if (before.length !== now.length) return [];
  const has = (list, name) => list.some((one) => one.name === name);
  return before
    .map((old, i) => [old, now[i]])
    .filter(([old, one]) => old.nominal === one.nominal && !has(now, old.name) && !has(before, one.name))
    .map(([old, one]) => [old.name, one.name]);
};
