/**
 * Runs a generated file as a page would, as a classic script, and answers requests: `node node_driver.js FILE NAME`.
 *
 * A request on standard input and its answer on standard output are float64 numbers in the machine's byte order. The
 * request: 0 for values or 1 for partials, the number of variables, the number of points, then the points, variable
 * after variable. The answer: the number of results, then the results at all points, result after result. The end of the
 * input ends the process.
 */
"use strict";

const fs = require("node:fs");
const vm = require("node:vm");

const [file, name] = process.argv.slice(2);
vm.runInThisContext(fs.readFileSync(file, "utf8"), { filename: file });
const { forward, partials } = globalThis.actgen.activations[name];

const [STDIN, STDOUT] = [0, 1];

/** So many numbers from standard input; null where it has ended. */
function read(count) {
  const bytes = Buffer.alloc(8 * count);
  for (let place = 0; place < bytes.length; ) {
    const found = fs.readSync(STDIN, bytes, place, bytes.length - place, null);
    if (found === 0) return null;
    place += found;
  }
  return new Float64Array(bytes.buffer, bytes.byteOffset, count);
}

function write(numbers) {
  const bytes = Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);
  for (let place = 0; place < bytes.length; ) place += fs.writeSync(STDOUT, bytes, place);
}

/** How many results a function has, and what it gives at every point. */
function evaluated(run, table, variables, points) {
  const given = new Array(variables);
  let results = new Float64Array(1);
  for (let point = 0; point < points; point++) {
    for (let k = 0; k < variables; k++) given[k] = table[k * points + point];
    const found = run(...given);
    if (point === 0) results = new Float64Array(1 + found.length * points);
    for (let k = 0; k < found.length; k++) results[1 + k * points + point] = found[k];
    results[0] = found.length;
  }
  return results;
}

for (let header = read(3); header !== null; header = read(3)) {
  const [which, variables, points] = header;
  const table = read(variables * points);
  if (table === null) break;
  write(evaluated(which === 0 ? forward : partials, table, variables, points));
}
