// The token comes in the address's fragment, which is never sent, and stays in this tab: a reload still has it.

const KEY = "actgen-token";

function token() {
  const found = new URLSearchParams(location.hash.slice(1)).get("token");
  if (found) {
    sessionStorage.setItem(KEY, found);
    history.replaceState(null, "", location.pathname);
  }
  return sessionStorage.getItem(KEY) ?? "";
}

const headers = { Authorization: `Bearer ${token()}` };

/** A refusal: `status`, and what the server said about it. */
export class Refusal extends Error {
  constructor(status, said) {
    super(said.message);
    this.status = status;
    this.said = said;
  }
}

/** Asks the server; with a body it is a POST. */
export async function ask(path, body) {
  const options = body === undefined
    ? { headers }
    : { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`/api/${path}`, options);
  const said = await answer.json();
  if (!answer.ok) throw new Refusal(answer.status, said);
  return said;
}

/** The JSON objects that the server sends, a line each, as they come. */
export async function* lines(path) {
  const answer = await fetch(`/api/${path}`, { headers });
  const reader = answer.body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const found = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = found.pop();
    for (const line of found) yield JSON.parse(line);
  }
}
