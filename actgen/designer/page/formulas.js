// The formulas of the form: one line, or pieces; named parts; several outputs.

import { addRow, removal } from "./adding.js";
import { button, make } from "./elements.js";

/** The formula, or one for each output. */
export function formulaSection({ form, fields, edit }) {
  const blocks = form.formulas.map((formula) => block(formula, { form, fields, edit }, outputHead(formula, { form, fields, edit })));
  const more = form.outputs ? addOutput(form, edit) : null;
  return make("section", { className: "group" }, inputLine({ form, fields, edit }), ...blocks, more);
}

/** What it is a function of. One that no formula uses is removed where the finding says so. */
function inputLine({ form, fields, edit }) {
  const inputs = form.names.filter(({ path }) => path[0] === "inputs");
  const names = inputs.map(({ path, text }) => fields.name(`input ${text}`, text, path));
  const add = button("Add an input", () => edit(...anotherInput(form, inputs)), { title: "For a function of several, such as a gate" });
  const head = make("span", {}, names.length > 1 ? "Inputs" : "Input");
  return make("div", { className: "inputs" }, head, ...names.map(({ input }) => input), add, ...names.map(({ fault }) => fault));
}

/** The edit that adds an input with a name that is free, and where to type another one over it. */
function anotherInput(form, inputs) {
  const isFree = (name) => !form.names.some(({ text }) => text === name);
  const name = ["gate", ...form.names.map((_, i) => `gate_${i + 2}`)].find(isFree);
  const isImplied = inputs[0]?.line === null;
  const change = isImplied ? { path: ["inputs"], value: [inputs[0].text, name] } : { path: ["inputs", inputs.length], value: name, insert: true };
  return [[change], ["inputs", inputs.length]];
}

/** A heading; that of an output has its name, and a button to take it away. */
function outputHead({ label, path }, { form, fields, edit }) {
  if (!form.outputs) return make("div", { className: "group-head" }, make("h3", {}, "Formula"));
  const { input, fault } = fields.name(`output ${label}`, label, path);
  const remove = form.formulas.length > 1 ? removal(`output ${label}`, () => edit([{ path, value: null }])) : null;
  return make("div", { className: "group-head" }, make("h3", {}, "Output ", input), remove, fault);
}

function block(formula, { form, fields, edit }, head = null) {
  if (!formula.pieces.length) {
    const { input, fault } = fields.input(formula.label, formula.field, { kind: "formula", placeholder: "x * sigmoid(x)" });
    return make("div", { className: "formula-block" }, head, input, fault, buttons(formula, { form, fields, edit }));
  }
  const pieces = formula.pieces.map((piece, i) => pieceRow(piece, i, formula, { fields, edit }));
  return make("div", { className: "formula-block" }, head, ...pieces, buttons(formula, { form, fields, edit }));
}

function pieceRow(piece, i, formula, { fields, edit }) {
  const isLast = piece.otherwise.is_set || !piece.when.is_set;
  const value = fields.input(`Value of piece ${i + 1}`, isLast ? piece.otherwise : piece.value, { kind: "formula" });
  if (isLast) {
    return make("div", { className: "piece" }, value.input, make("span", { className: "where" }, "otherwise"), value.fault);
  }
  const when = fields.input(`Condition of piece ${i + 1}`, piece.when, { kind: "condition" });
  const where = make("label", { className: "where", htmlFor: when.input.id }, "if");
  return make("div", { className: "piece" }, value.input, where, when.input, removal(`piece ${i + 1}`, () => edit(without(formula, i, fields))), value.fault, when.fault);
}

/** A piece less; where but one is left, it is the formula. */
function without(formula, i, fields) {
  const [other] = formula.pieces.filter((_, n) => n !== i);
  const rest = fields.textOf(other.otherwise) ?? fields.textOf(other.value);
  return formula.pieces.length > 2 || !rest ? [{ path: [...formula.path, i], value: null }] : [{ path: formula.path, value: rest }];
}

function buttons(formula, { form, fields, edit }) {
  const condition = `${form.inputs[0]} > 0`;
  const focus = [...formula.path, 0, "when"];
  const split = () => {
    const text = fields.textOf(formula.field) ?? form.inputs[0];
    return edit([{ path: formula.path, value: [{ when: condition, value: text }, { otherwise: text }] }], focus);
  };
  const add = () => {
    const last = formula.pieces.length - 1;
    return edit([{ path: [...formula.path, last], value: { when: condition, value: form.inputs[0] }, insert: true }], [...formula.path, last, "when"]);
  };
  const outputs = () => {
    const value = { first: fields.textOf(formula.field), second: form.inputs[0] };
    return edit([{ path: ["outputs"], value }, { path: ["expression"], value: null }], ["outputs", "second"]);
  };
  const canHaveMore = !form.outputs && !formula.pieces.length && formula.field.text;
  return make(
    "div",
    { className: "group-actions" },
    formula.pieces.length ? button("Add a piece", add) : button("Split into pieces", split),
    canHaveMore ? button("More outputs", outputs, { title: "Several named outputs, one formula for each" }) : null,
  );
}

const addOutput = (form, edit) =>
  addRow({
    declared: form.names,
    label: "A new output",
    names: ["Name of a new output", "Its formula"],
    name: "name",
    value: "Add output",
    usual: form.inputs[0],
    onAdd: (name, value) => edit([{ path: ["outputs", name], value }]),
  });

/** Named parts of the formula. */
export function letSection({ form, fields, edit }) {
  const rows = form.lets.map((one) => {
    const remove = removal(`part ${one.label}`, () => edit([{ path: one.path, value: null }]));
    const called = fields.name(`part ${one.label}`, one.label, one.path);
    if (one.pieces.length) return make("div", { className: "let pieces" }, called.input, "=", remove, called.fault, block(one, { form: { ...form, outputs: false }, fields, edit }));
    const { input, fault } = fields.input(one.label, one.field, { kind: "formula" });
    return make("div", { className: "let" }, called.input, "=", input, remove, called.fault, fault);
  });
  const add = addRow({
    declared: form.names,
    label: "A new named part",
    names: ["Name of a new part", "What it is"],
    name: "name",
    value: "Add",
    usual: "exp(x)",
    onAdd: (name, value) => edit([{ path: ["let", name], value }]),
  });
  const more = make("details", { className: "more", open: form.lets.length > 0 }, make("summary", {}, "Named parts"), ...rows, add);
  return make("section", { className: "group" }, more);
}
