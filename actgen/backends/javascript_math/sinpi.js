/** sin(πa): what whole half turns leave of a is exact, and 0 where the sine is. */
function _sinpi(a) {
  const turns = Math.round(a);
  const rest = Math.sin(Math.PI * (a - turns));
  return turns % 2 === 0 ? rest : -rest;
}
