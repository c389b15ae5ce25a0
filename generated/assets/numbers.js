/* Numbers as people read them, and as they type them. */
(() => {
  "use strict";
  const actgen = (globalThis.actgen ??= {});

  /** A number in at most `digits` significant digits, with ∞ and a true minus sign; "–" for NaN. */
  actgen.formatNumber = (value, digits = 6) => {
    if (Number.isNaN(value)) return "undefined";
    if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
    if (value === 0) return "0";
    const size = Math.abs(value);
    const text = size >= 1e6 || size < 1e-4 ? value.toExponential(digits - 1) : value.toPrecision(digits);
    const [mantissa, exponent] = text.split("e");
    const short = mantissa.includes(".") ? mantissa.replace(/\.?0+$/, "") : mantissa;
    const shown = exponent === undefined ? short : `${short}e${Number(exponent)}`;
    return shown.replaceAll("-", "−");
  };

  /** What somebody typed as a number, a comma or a true minus sign allowed; NaN if it is none. */
  actgen.parseNumber = (text) => {
    const plain = text.trim().replaceAll("−", "-").replace(",", ".");
    if (/^[+-]?(∞|inf(inity)?)$/i.test(plain)) return plain.startsWith("-") ? -Infinity : Infinity;
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  };

  /** A number for an address or a number box: short, and read back as nearly the same. */
  actgen.plainNumber = (value, digits = 6) => String(Number(value.toPrecision(digits)));
})();
