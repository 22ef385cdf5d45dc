// The checker: RFC 6962 proofs and Ed25519 signatures, calculated here. Imports nothing, so that it works saved to disk.
const sentences = Object.assign({}, ...[...document.querySelectorAll("script[data-words]")].map((block) => JSON.parse(block.textContent)));
const word = (name, params = {}) => sentences[name].replace(/%\((\w+)\)s/g, (_, key) => params[key] ?? "");

// -- bytes --------------------------------------------------------------------
const utf8 = (text) => new TextEncoder().encode(text);
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const joined = (...parts) => new Uint8Array(parts.flatMap((part) => [...part]));
const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

function unhex(text) {
  if (typeof text !== "string" || !/^([0-9a-f]{2})*$/.test(text)) throw new TypeError("not hexadecimal");
  return new Uint8Array((text.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
}

// -- the log (RFC 9162, 2.1) --------------------------------------------------
const leafHash = async (digest) => hex(await sha256(joined([0], unhex(digest))));
const nodeHash = async (left, right) => hex(await sha256(joined([1], unhex(left), unhex(right))));
const odd = (n) => n % 2 === 1;
const half = (n) => Math.floor(n / 2); // no shifts: they stop at 32 bits
const powerOfTwo = (n) => Number.isInteger(Math.log2(n));

function upToALeftTurn(here, last) {
  while (!odd(here) && here > 0) [here, last] = [half(here), half(last)];
  return [here, last];
}

async function includes(leaf, index, size, path, root) {
  if (!(index >= 0 && index < size)) return false;
  let [here, last, found] = [index, size - 1, leaf];
  for (const neighbour of path) {
    if (last === 0) return false;
    if (odd(here) || here === last) {
      found = await nodeHash(neighbour, found);
      [here, last] = upToALeftTurn(here, last);
    } else found = await nodeHash(found, neighbour);
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && found === root;
}

async function extendsOlder(old, now, path) {
  if (old.size === now.size) return path.length === 0 && old.root === now.root;
  if (old.size === 0) return path.length === 0;
  if (!(old.size > 0 && old.size < now.size)) return false;
  const steps = powerOfTwo(old.size) ? [old.root, ...path] : [...path];
  if (!steps.length) return false;
  let [here, last] = [old.size - 1, now.size - 1];
  while (odd(here)) [here, last] = [half(here), half(last)];
  let [older, newer] = [steps[0], steps[0]];
  for (const neighbour of steps.slice(1)) {
    if (last === 0) return false;
    if (odd(here) || here === last) {
      [older, newer] = [await nodeHash(neighbour, older), await nodeHash(neighbour, newer)];
      [here, last] = upToALeftTurn(here, last);
    } else newer = await nodeHash(newer, neighbour);
    [here, last] = [half(here), half(last)];
  }
  return last === 0 && older === old.root && newer === now.root;
}

// -- heads --------------------------------------------------------------------
function statement(head) {
  const { signature, ...told } = { ...head, statement: "gongzhi log head" };
  return utf8(JSON.stringify(Object.fromEntries(Object.keys(told).sort().map((name) => [name, told[name]]))));
}

/** "signed", "forged", "key" (not there, or another one), "unchecked" (not in this browser). */
async function signatureOf(head, keys) {
  const key = keys.find((each) => each.key === head.key);
  if (!key || hex(await sha256(unhex(key.public))) !== head.key || key.algorithm !== head.algorithm) return "key";
  if (key.algorithm !== "Ed25519") return "unchecked";
  let imported;
  try {
    imported = await crypto.subtle.importKey("raw", unhex(key.public), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return "unchecked";
  }
  const good = await crypto.subtle.verify({ name: "Ed25519" }, imported, unhex(head.signature), statement(head));
  return good ? "signed" : "forged";
}

// -- what is found ------------------------------------------------------------
const good = (name, params) => ({ state: "good", words: word(name, params) });
const bad = (name, params) => ({ state: "bad", words: word(name, params) });
const open = (name, params) => ({ state: "open", words: word(name, params) });

async function headFinding(head, keys) {
  const state = await signatureOf(head, keys);
  const time = new Date(head.signed_at).toLocaleString();
  const params = { number: head.number, size: head.size, key: String(head.key).slice(0, 16), time };
  return { signed: good, forged: bad, key: bad, unchecked: open }[state](`head_${state}`, params);
}

async function stepFindings(bundle) {
  const sealed = bundle.steps.filter((step) => step.entry !== null);
  const out = [];
  for (const step of sealed) {
    const leaf = await leafHash(step.digest);
    if (!(await includes(leaf, step.entry, bundle.head.size, step.path, bundle.head.root))) out.push(bad("step_out", { seq: step.seq }));
  }
  if (sealed.length > out.length) out.unshift(good("steps_in", { count: sealed.length - out.length }));
  if (bundle.steps.length > sealed.length) out.push(open("steps_waiting", { count: bundle.steps.length - sealed.length }));
  return out;
}

async function ownFinding(own, steps) {
  const commitment = hex(await sha256(joined(unhex(own.salt), utf8(own.value))));
  const step = steps.find((each) => each.seq === own.seq);
  const form = JSON.parse(own.form);
  const fits = step && hex(await sha256(utf8(own.form))) === step.digest && form.contents.some(([, , held]) => held === commitment);
  return fits ? good("own_good", { words: own.value }) : bad("own_bad", { seq: own.seq });
}

async function extensionFinding(old, now, path) {
  const name = (await extendsOlder(old, now, path)) ? "extends" : "not_extends";
  return (name === "extends" ? good : bad)(name, { old: old.number, new: now.number });
}

/** The proof between two heads: in the file, or asked for where the portal is at hand. */
async function pathBetween(old, bundle) {
  if (old.size === bundle.head.size || old.size === 0) return [];
  if (bundle.earlier?.head.number === old.number) return bundle.earlier.path;
  if (!from || !location.protocol.startsWith("http")) return null;
  const answer = await fetch(`${from}extends.json?old=${old.number}&new=${bundle.head.number}`).catch(() => null);
  return answer?.ok ? (await answer.json()).path : null;
}

async function olderFindings(older, bundle) {
  const old = older.head ?? older.heads?.at(-1) ?? older;
  if (old.number > bundle.head.number) return [bad("older_newer")];
  const out = [await headFinding(old, [...(older.keys ?? []), ...bundle.keys])];
  const path = await pathBetween(old, bundle);
  out.push(path ? await extensionFinding(old, bundle.head, path) : open("older_alone", { old: old.number }));
  if (older.case !== bundle.case || !older.steps) return out;
  const sealed = older.steps.filter((step) => step.entry !== null);
  const other = sealed.filter((step) => {
    const here = bundle.steps.find((each) => each.seq === step.seq);
    return !here || here.digest !== step.digest || here.entry !== step.entry;
  });
  out.push(...(other.length ? other.map((step) => bad("older_bad", { seq: step.seq })) : [good("older_good", { count: sealed.length })]));
  return out;
}

async function findings(bundle, older) {
  if (!bundle.head) return [open("no_head")];
  const out = [await headFinding(bundle.head, bundle.keys), ...(await stepFindings(bundle))];
  if (bundle.own) out.push(await ownFinding(bundle.own, bundle.steps));
  if (bundle.earlier) {
    out.push(await headFinding(bundle.earlier.head, bundle.keys));
    out.push(await extensionFinding(bundle.earlier.head, bundle.head, bundle.earlier.path));
  }
  if (older) out.push(...(await olderFindings(older, bundle)));
  return out;
}

// -- the page -----------------------------------------------------------------
const form = document.getElementById("checker");
const from = form.dataset.from;
const result = document.querySelector(".findings");

function show(list, verdict) {
  const state = list.some((each) => each.state === "bad") ? "bad" : list.some((each) => each.state === "open") ? "open" : "good";
  const headline = document.getElementById("verdict");
  headline.textContent = verdict ?? word({ bad: "bad", open: "part_good", good: "all_good" }[state]);
  headline.className = verdict ? "" : state;
  document.getElementById("findings").replaceChildren(
    ...list.map((each) => Object.assign(document.createElement("li"), { className: each.state, textContent: each.words })),
  );
  result.hidden = false;
}

async function read(input) {
  const file = input.files[0];
  return file ? file.text() : "";
}

/** A bundle; the heads as the portal publishes them; a head; or the last head of a file with one per line. */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.trim().split("\n").at(-1));
  }
}

async function check(text, olderText) {
  if (!crypto.subtle) return show([], word("no_crypto"));
  try {
    const bundle = parsed(text);
    const older = olderText.trim() ? parsed(olderText) : null;
    if (!Array.isArray(bundle.steps)) throw new TypeError("no steps");
    show(await findings(bundle, older));
  } catch {
    show([], word("not_json"));
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = (await read(document.getElementById("bundle-file"))) || document.getElementById("bundle").value;
  await check(text, await read(document.getElementById("older-file")));
});

const asked = new URLSearchParams(location.search).get("case") ?? "";
if (from && /^\d{13}$/.test(asked)) {
  show([], word("fetching"));
  const answer = await fetch(`${from}case/${asked}/`).catch(() => null);
  if (answer?.ok) {
    const text = await answer.text();
    document.getElementById("bundle").value = text;
    await check(text, "");
  } else show([], word("not_fetched"));
}
