// The parameters of the form: initial value, bounds, learned or not, one for the layer or one for each channel.

import { addRow, removal } from "./adding.js";
import { make } from "./elements.js";

const OPEN = { low: "-.inf", high: ".inf" };

/** A card for each parameter, and a line for a new one. */
export function parameterSection({ form, fields, edit }) {
  const cards = form.parameters.map((parameter) => card(parameter, { fields, edit }));
  const add = addRow({
    declared: form.names,
    label: "A new parameter",
    names: ["Name of a new parameter", "Its initial value"],
    name: "name",
    value: "Add",
    usual: "1",
    onAdd: (name, value) => edit([{ path: ["parameters", name], value }]),
  });
  return make("section", { className: "group" }, make("div", { className: "group-head" }, make("h3", {}, "Parameters")), ...cards, add);
}

function card(parameter, { fields, edit }) {
  const { name, path, init, low, high, learnable, shape, description } = parameter;
  const start = fields.input(name, init, { kind: "number", placeholder: init.is_set ? "from the spec" : "1" });
  const called = fields.name(`parameter ${name}`, name, path);
  const bounds = { low, high };
  const bound = (end) =>
    fields.input(`${name}: ${end === "low" ? "lower" : "upper"} bound`, bounds[end], {
      kind: "number",
      placeholder: end === "low" ? "−∞" : "∞",
      read: (text) => (text === null || text === OPEN[end] ? "" : text),
      send: () => {
        const ends = ["low", "high"].map((e) => inputs[e].input.value.trim() || OPEN[e]);
        const isOpen = ends[0] === OPEN.low && ends[1] === OPEN.high;
        if (isOpen) return fields.all.get(low.path.join(" ")).field.is_set ? [{ path: [...path, "bounds"], value: null }] : [];
        return [{ path: [...path, "bounds"], value: ends }];
      },
    });
  const inputs = { low: bound("low"), high: bound("high") };
  const words = fields.input(`${name}: what it is`, description, { kind: "words", optional: true, placeholder: "what it is" });
  return make(
    "div",
    { className: "parameter" },
    called.input,
    start.input,
    make("span", { className: "between" }, "in [", inputs.low.input, ", ", inputs.high.input, "]"),
    removal(`parameter ${name}`, () => edit([{ path, value: null }])),
    make(
      "div",
      { className: "options" },
      fields.tick("learned", learnable, {
        isOn: (text) => text !== "false",
        send: (on) => [{ path: learnable.path, value: on ? null : "false" }],
        title: "Whether training changes it",
      }),
      fields.tick("per channel", shape, {
        isOn: (text) => text === "channel",
        send: (on) => [{ path: shape.path, value: on ? "channel" : null }],
        title: "One value for each channel, not one for the layer",
      }),
      words.input,
    ),
    ...[called, start, inputs.low, inputs.high, words].map(({ fault }) => fault),
  );
}
