/* The gallery: search, filters, and several activations in one picture; all of it in the address. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  actgen.openGallery = () => {
    const cards = [...document.querySelectorAll("[data-folder]")];
    const entries = new Map(cards.map((card) => [card.dataset.folder, { title: card.dataset.title, ...JSON.parse(card.dataset.picture) }]));
    const search = document.getElementById("search");
    const filters = [...document.querySelectorAll("[data-tag]")];
    const kept = actgen.readAddress();
    const pressed = new Set((kept.get("with") ?? "").split(",").filter(Boolean));
    search.value = kept.get("find") ?? "";

    const tagsOf = (card) => card.dataset.tags.split("|");
    const refresh = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      const found = cards.filter((card) => words.every((word) => card.dataset.text.includes(word)));
      const shown = found.filter((card) => [...pressed].every((tag) => tagsOf(card).includes(tag)));
      for (const card of cards) card.hidden = !shown.includes(card);
      for (const filter of filters) {
        const here = shown.filter((card) => tagsOf(card).includes(filter.dataset.tag)).length;
        filter.setAttribute("aria-pressed", String(pressed.has(filter.dataset.tag)));
        filter.querySelector("small").textContent = String(here);
        filter.disabled = !here && !pressed.has(filter.dataset.tag);
      }
      const count = document.getElementById("count");
      count.textContent = shown.length === cards.length ? `${cards.length} activations` : `${shown.length} of ${cards.length} activations`;
      write();
    };

    const write = () =>
      actgen.writeAddress({
        find: search.value || null,
        with: [...pressed].join(",") || null,
        compare: comparison.chosen.join(",") || null,
        slope: comparison.slope && comparison.chosen.length ? "1" : null,
      });

    const boxes = new Map(cards.map((card) => [card.dataset.folder, card.querySelector("input")]));
    const comparison = new actgen.Comparison(document.getElementById("compared"), entries, () => {
      for (const [folder, box] of boxes) {
        box.checked = comparison.chosen.includes(folder);
        box.disabled = comparison.full && !box.checked;
      }
      write();
    });
    for (const [folder, box] of boxes) {
      box.addEventListener("change", () =>
        comparison.choose(box.checked ? [...comparison.chosen, folder] : comparison.chosen.filter((f) => f !== folder)),
      );
    }
    for (const filter of filters) {
      filter.addEventListener("click", () => {
        const { tag } = filter.dataset;
        if (!pressed.delete(tag)) pressed.add(tag);
        refresh();
      });
    }
    search.addEventListener("input", refresh);
    comparison.choose((kept.get("compare") ?? "").split(",").filter(Boolean), kept.has("slope"));
    refresh();
  };

  document.addEventListener("DOMContentLoaded", actgen.openGallery);
})();
