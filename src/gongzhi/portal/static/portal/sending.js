// Sending a report over a bad network: photos first, one by one, each kept once; then the words. Safe to repeat.
import { word } from "../base/words.js";

const TOLD_BY_STATUS = { 403: "stale_page", 413: "too_large", 429: "too_many" };

export class Rejected extends Error {
  constructor(answer) {
    super("rejected");
    this.errors = answer.errors ?? {};
    this.clientId = answer.client_id;
  }
}

export class Trouble extends Error {}

const PATIENCE = 60000;

async function post(address, body, csrf) {
  const stop = new AbortController();
  const alarm = setTimeout(() => stop.abort(), PATIENCE);
  try {
    return await fetch(address, {
      method: "POST", body, signal: stop.signal, credentials: "same-origin",
      headers: { Accept: "application/json", "X-CSRFToken": csrf },
    });
  } finally {
    clearTimeout(alarm);
  }
}

async function read(answer, field) {
  if (answer.status >= 500) throw new Trouble(String(answer.status));
  const told = await answer.json().catch(() => null);
  if (answer.ok && told) return told;
  const known = TOLD_BY_STATUS[answer.status];
  if (!told && !known) throw new Trouble(String(answer.status));
  if (!told) throw new Rejected({ errors: { report: word(known) } });
  throw new Rejected(told.errors ? told : { errors: { [field]: told.error } });
}

export async function sendPhoto(address, clientId, shot, csrf) {
  const body = new FormData();
  body.set("client_id", clientId);
  body.set("photo", shot.blob, shot.name);
  return (await read(await post(address, body, csrf), "photos")).token;
}

export async function sendReport(address, fields, tokens, csrf) {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.set(name, value);
  for (const token of tokens) body.append("kept", token);
  return (await read(await post(address, body, csrf), "report")).next;
}
