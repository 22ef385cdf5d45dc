// The open case: loads beside the queue, shows its forms, never throws away what somebody is writing.
import "../base/reveal.js";
import { markOpen, refreshQueue } from "./queue.js";
import { desk_word as word } from "./words.js";
import { say } from "./queue.js";

const panel = () => document.querySelector("#case");
const form = () => document.querySelector("#step-form form");

const revealed = () => document.querySelector("#step-form [data-reveal]");

function isDirty() {
  return form()?.dataset.dirty === "yes";
}

// Refusals come with a status of their own and a form that says why: show them, too.
function showRefusals(event) {
  const { xhr } = event.detail;
  if (new URL(xhr.responseURL).pathname === "/sign-in/") { // the session has ended
    event.detail.shouldSwap = false;
    location.reload();
    return;
  }
  if (xhr.status >= 400 && xhr.status < 500) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
}

function showSkeleton(event) {
  if (event.detail.target?.id !== "case" || event.detail.requestConfig?.verb !== "get") return;
  const skeleton = document.querySelector("#case-skeleton").content.cloneNode(true);
  const slow = setTimeout(() => panel()?.replaceChildren(skeleton), 250);
  event.detail.xhr.addEventListener("loadend", () => clearTimeout(slow));
}

// The address of an opened case, so that Back and a copied link lead where one would think.
function remember(event) {
  const { requestConfig, target } = event.detail;
  if (target?.id !== "case" || requestConfig.verb !== "get") return;
  if (requestConfig.path !== location.pathname + location.search) history.pushState(null, "", requestConfig.path);
}

function opened() {
  const [place] = document.title.split(" · ").slice(-1);
  document.title = `${panel().querySelector("#case-title")?.textContent ?? ""} · ${place}`;
  document.body.classList.toggle("has-case", Boolean(panel().dataset.code));
  markOpen(panel().dataset.code);
  document.dispatchEvent(new CustomEvent("desk:opened"));
}

function arrived(event) {
  const target = event.target;
  if (target.id === "case") {
    opened();
    panel().focus({ preventScroll: true });
  }
  const now = form();
  if (now && (target === now || target.contains(now) || now.contains(target))) formArrived(now);
}

function formArrived(now) {
  now.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) now.requestSubmit();
  });
  now.addEventListener("input", () => { now.dataset.dirty = "yes"; });
  document.dispatchEvent(new CustomEvent("desk:form", { detail: now }));
  panel().classList.add("asking");
  if (now.contains(document.activeElement)) return;
  const wrong = now.querySelector("[aria-invalid=true], [role=alert]");
  const wanted = now.checkValidity() ? now.querySelector("button.send") : now.querySelector(":invalid:not(fieldset)");
  (wrong ?? wanted)?.focus(); // what is filled in already needs one more Enter, nothing else
}

function closeForm() {
  const place = document.querySelector("#step-form");
  if (!place?.firstElementChild) return false;
  const wasRevealed = Boolean(place.querySelector(".revealed"));
  place.replaceChildren();
  panel().classList.remove("asking");
  panel().focus({ preventScroll: true });
  if (wasRevealed) quietReload();
  history.replaceState(history.state, "", panel().dataset.url + location.search);
  return true;
}

export function reloadCase() {
  const { url } = panel().dataset;
  if (!url) return;
  window.htmx.ajax("GET", url + location.search, { target: "#case", swap: "outerHTML" });
}

// Somebody else has worked on the open case: show it, unless a form is being filled in.
export function caseMoved(id) {
  if (panel()?.dataset.id !== id || revealed()) return; // opening a contact is a step itself: shown once it is masked
  if (form()) panel().querySelector("[data-moved]").hidden = false;
  else quietReload();
}

async function quietReload() {
  const here = panel();
  const answer = await fetch(here.dataset.url + location.search, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected || form() || panel() !== here) return;
  const fresh = document.createRange().createContextualFragment(await answer.text()).querySelector("#case");
  if (fresh.dataset.version === here.dataset.version) return;
  const scroll = here.querySelector(".case-scroll").scrollTop;
  const focused = here.contains(document.activeElement);
  here.replaceWith(fresh);
  window.htmx.process(fresh);
  fresh.querySelector(".case-scroll").scrollTop = scroll;
  if (focused) fresh.focus({ preventScroll: true });
  say(word("moved"));
  document.dispatchEvent(new CustomEvent("desk:opened"));
}

function clicked(event) {
  const hit = (selector) => event.target.closest(selector);
  const photo = hit("[data-lightbox]");
  if (photo) return showPhoto(event, photo);
  if (hit("[data-close-form]")) { event.preventDefault(); closeForm(); }
  if (hit("[data-reload-case]")) { event.preventDefault(); reloadCase(); refreshQueue().catch(() => {}); }
  if (hit("[data-close-why]")) document.querySelector("#why").replaceChildren();
  if (hit("[data-print]")) window.print();
  if (!hit("details.more")) document.querySelector("details.more[open]")?.removeAttribute("open");
  if (hit(".back a") && window.matchMedia("(max-width: 760px)").matches) backToQueue(event);
}

function backToQueue(event) {
  event.preventDefault();
  document.body.classList.remove("has-case");
  history.pushState(null, "", document.body.dataset.home + location.search);
  document.querySelector("[data-rows] a[aria-current]")?.focus();
}

function showPhoto(event, link) {
  event.preventDefault();
  const box = document.querySelector("#lightbox");
  const picture = box.querySelector("img");
  picture.src = link.href;
  picture.alt = link.querySelector("img").alt;
  box.showModal();
}

function showTrouble(words) {
  const box = document.querySelector("#trouble");
  box.querySelector("div").textContent = words;
  box.hidden = false;
}

function leaving(event) {
  if (isDirty()) event.preventDefault();
}

function askBefore(event) {
  const target = event.detail.elt;
  if (!isDirty() || form().contains(target) || !target.matches("a.row, a.button, [data-key]")) return;
  if (!window.confirm(word("unsaved"))) event.preventDefault();
}

export function keepCase() {
  window.htmx.config.historyEnabled = false; // the desk keeps its own: the filters push addresses, too
  const body = document.body;
  body.addEventListener("htmx:beforeSwap", showRefusals);
  body.addEventListener("htmx:beforeRequest", askBefore);
  body.addEventListener("htmx:beforeSend", showSkeleton);
  body.addEventListener("htmx:sendError", () => showTrouble(word("offline")));
  body.addEventListener("htmx:responseError", (event) => { if (event.detail.xhr.status >= 500) showTrouble(word("broken")); });
  body.addEventListener("htmx:afterOnLoad", () => { document.querySelector("#trouble").hidden = true; });
  body.addEventListener("htmx:afterSwap", remember);
  body.addEventListener("htmx:load", arrived);
  body.addEventListener("desk:close-form", closeForm);
  document.addEventListener("click", clicked);
  window.addEventListener("beforeunload", leaving);
  if (form()) formArrived(form());
}
