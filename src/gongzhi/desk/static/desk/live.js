// Live: the stream says which case moved; the desk fetches by itself, a little later than its neighbours.
import { caseMoved } from "./case.js";
import { refreshQueue } from "./queue.js";
import { desk_word as word } from "./words.js";

const POLL = 20000;
const PATIENCE = 45000; // how long a stream may be down before the desk asks by itself
const SIGNS = { live: ["on_time", "wifi"], again: ["soon", "refresh"], poll: ["waiting", "clock"], off: ["late", "wifi-off"] };

let source;
let state = "again";
let updated = Date.now();
let timer;
let polling;

function show() {
  const tag = document.querySelector("[data-live]");
  const [level, sign] = SIGNS[state];
  tag.className = `tag live ${level}`;
  const use = tag.querySelector("use");
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${sign}`));
  tag.querySelector("[data-live-words]").textContent = words();
}

function words() {
  const minutes = Math.floor((Date.now() - updated) / 60000);
  const ago = minutes < 1 ? word("just_now") : word("minutes_ago", { n: minutes });
  return { live: word("live", { ago }), again: word("again"), poll: word("poll", { ago }), off: word("off") }[state];
}

function become(next) {
  state = next;
  show();
}

async function refresh() {
  try {
    await refreshQueue({ mark: true });
    updated = Date.now();
    if (state === "off") become(polling ? "poll" : "live");
    show();
  } catch {
    become("off");
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(refresh, 100 + Math.random() * 500);
}

function moved(message) {
  let told;
  try {
    told = JSON.parse(message.data);
  } catch {
    return;
  }
  if (!told.case) return;
  soon();
  setTimeout(() => caseMoved(told.case), 100 + Math.random() * 500);
}

function ticket() {
  return document.querySelector("#queue")?.dataset.ticket ?? "";
}

function connect() {
  const { stream } = document.body.dataset;
  if (!stream || !window.EventSource) return startPolling();
  const address = new URL(`${stream}/stream`, location.href);
  address.searchParams.set("ticket", ticket());
  source = new EventSource(address);
  source.addEventListener("ready", () => { stopPolling(); become("live"); soon(); });
  source.addEventListener("stale", () => { become("again"); startPolling(); });
  source.addEventListener("case", moved);
  source.addEventListener("error", lost);
}

function lost() {
  become("again");
  startPolling();
  if (source.readyState !== EventSource.CLOSED) return;
  setTimeout(connect, 3000 + Math.random() * 4000); // refused: come back with a new ticket
}

function startPolling() {
  if (polling) return;
  polling = setInterval(refresh, POLL);
  setTimeout(() => { if (polling && state === "again") become("poll"); }, PATIENCE);
}

function stopPolling() {
  clearInterval(polling);
  polling = undefined;
}

export function keepLive() {
  connect();
  setInterval(show, 15000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
  window.addEventListener("online", soon);
  window.addEventListener("pagehide", () => source?.close());
}
