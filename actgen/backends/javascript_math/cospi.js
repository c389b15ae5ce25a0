/** cos(πa): what whole half turns leave of a is exact, and a half where the cosine is 0. */
function _cospi(a) {
  const turns = Math.round(a);
  const rest = Math.sin(Math.PI * (0.5 - Math.abs(a - turns)));
  return turns % 2 === 0 ? rest : -rest;
}
