/* The state of a page in its address, after the #, so that a link shows what was seen. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});
  let waiting = 0;

  /** What the address says, as a Map of text to text. */
  actgen.readAddress = () => new Map(new URLSearchParams(location.hash.slice(1)));

  /** Puts the entries in the address, without a step in the history; null and undefined are left out. */
  actgen.writeAddress = (entries) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      const kept = Object.entries(entries).filter(([, value]) => value !== null && value !== undefined);
      const text = new URLSearchParams(kept).toString();
      history.replaceState(history.state, "", text ? `#${text}` : location.pathname + location.search);
    }, 150);
  };

  /** Two numbers written as `low..high`, or null. */
  actgen.readInterval = (text) => {
    const ends = (text ?? "").split("..").map(Number);
    return ends.length === 2 && ends.every(Number.isFinite) && ends[0] < ends[1] ? ends : null;
  };

  actgen.writeInterval = (ends) => ends.map((end) => actgen.plainNumber(end)).join("..");
})();
