// The spec in a text area, what reading it finds beside it, and a button that saves it.

import { ask } from "./session.js";

const PAUSE_MS = 150;
const [path, spec, diagnostics, save, status] = ["path", "spec", "diagnostics", "save", "status"].map((id) =>
  document.getElementById(id),
);
let revision = null;
let timer = 0;
let asked = 0;

async function attempt(action) {
  try {
    await action();
  } catch (error) {
    status.value = error.message;
  }
}

async function check() {
  const number = ++asked;
  const { diagnostics: found } = await ask("check", { text: spec.value });
  if (number === asked) diagnostics.textContent = found.map((one) => one.rendered).join("\n") || "The spec can be read.";
}

async function open() {
  const file = await ask("spec");
  path.textContent = file.path;
  spec.value = file.text;
  revision = file.revision;
  spec.disabled = save.disabled = false;
  await check();
}

spec.addEventListener("input", () => {
  status.value = "";
  clearTimeout(timer);
  timer = setTimeout(() => attempt(check), PAUSE_MS);
});

save.addEventListener("click", () =>
  attempt(async () => {
    ({ revision } = await ask("save", { text: spec.value, revision }));
    status.value = "saved";
  }),
);

attempt(open);
