// The queue: fetched again without losing the place of the reader, with what is new marked.
import { desk_word as word } from "./words.js";

const FRESH_FOR = 20000; // milliseconds a new row stays marked

let running;
let again = false;

export const openCode = () => document.querySelector("#case")?.dataset.code ?? "";
export const rows = () => [...document.querySelectorAll("[data-rows] > li")];

function codes() {
  return new Set(rows().map((row) => row.dataset.code));
}

function queueAddress() {
  const query = new URLSearchParams(location.search);
  query.set("open", openCode());
  return `${document.body.dataset.queue}?${query}`;
}

// Only one fetch at a time: what happens meanwhile leads to exactly one more.
export async function refreshQueue({ mark = false } = {}) {
  if (running) {
    again = true;
    return running;
  }
  running = fetchQueue(mark);
  try {
    return await running;
  } finally {
    running = undefined;
    if (again) {
      again = false;
      refreshQueue({ mark });
    }
  }
}

async function fetchQueue(mark) {
  const answer = await fetch(queueAddress(), { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (answer.redirected) return location.reload(); // the session has ended
  if (!answer.ok) throw new Error(`queue: ${answer.status}`);
  show(await answer.text(), mark);
  return true;
}

function show(html, mark) {
  const known = codes();
  const scroll = document.querySelector("[data-rows]")?.scrollTop ?? 0;
  const focus = document.activeElement?.closest?.("[data-rows] > li")?.dataset.code;
  const old = document.querySelector("#queue");
  const fresh = document.createRange().createContextualFragment(html).querySelector("#queue");
  old.replaceWith(fresh);
  window.htmx.process(fresh);
  const list = document.querySelector("[data-rows]");
  if (list) list.scrollTop = scroll;
  // A row that has left the list hands the keyboard on to the first one.
  if (focus) (rowOf(focus) ?? rows()[0])?.querySelector("a").focus({ preventScroll: true });
  if (mark) markNew(known);
  document.dispatchEvent(new CustomEvent("desk:rows"));
}

function markNew(known) {
  const arrived = rows().filter((row) => !known.has(row.dataset.code));
  for (const row of arrived) {
    row.classList.add("fresh");
    const tag = Object.assign(document.createElement("b"), { className: "new-word", textContent: word("new") });
    row.querySelector(".row-facts").prepend(tag, " ");
    setTimeout(() => { row.classList.remove("fresh"); tag.remove(); }, FRESH_FOR);
  }
  if (arrived.length) say(word("arrived", { n: arrived.length, title: arrived[0].querySelector(".row-title").textContent }));
}

export function say(words) {
  const place = document.querySelector("#said");
  if (place) place.textContent = words;
}

export function rowOf(code) {
  return rows().find((row) => row.dataset.code === code);
}

export function markOpen(code) {
  for (const row of rows()) {
    const link = row.querySelector("a");
    if (row.dataset.code === code) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function countInTitle() {
  const mine = Number(document.querySelector("#queue")?.dataset.mine ?? 0);
  const plain = document.title.replace(/^\(\d+\) /, "");
  document.title = mine ? `(${mine}) ${plain}` : plain;
}

function follow(event) {
  const link = event.target.closest("[data-queue-link]");
  if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
  event.preventDefault();
  go(new URL(link.href).search);
  if ("clear" in link.dataset) for (const field of filterFields()) field.value = "";
}

async function go(search) {
  if (search !== location.search) history.pushState(null, "", location.pathname + search);
  const tab = new URLSearchParams(search).get("tab");
  if (tab) document.querySelector("#filters [name=tab]").value = tab;
  await refreshQueue().catch(() => location.reload());
  document.querySelector("[data-rows]")?.scrollTo(0, 0);
}

function filterFields() {
  return [...document.querySelector("#filters").elements].filter((field) => field.name && field.name !== "tab");
}

async function applyFilters(event) {
  event.preventDefault();
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(document.querySelector("#filters"))) if (value) query.set(name, value);
  await go(`?${query}`);
  if (event.type === "submit") rows()[0]?.querySelector("a").focus(); // Enter in the search: on to what was found
}

export function keepQueue() {
  const filters = document.querySelector("#filters");
  document.addEventListener("click", follow);
  filters.addEventListener("submit", applyFilters);
  filters.addEventListener("change", applyFilters);
  document.querySelector("#find").addEventListener("search", applyFilters);
  window.addEventListener("popstate", () => location.reload());
  document.addEventListener("desk:rows", countInTitle);
  document.addEventListener("desk:opened", countInTitle);
  document.body.addEventListener("desk:changed", () => refreshQueue().catch(() => {}));
  document.addEventListener("click", (event) => {
    const toggle = event.target.closest("[data-toggle-map]");
    if (!toggle) return;
    const shown = document.body.classList.toggle("show-map");
    toggle.setAttribute("aria-pressed", String(shown));
  });
  countInTitle();
}
