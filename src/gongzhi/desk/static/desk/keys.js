// Single keys for every action, dialogs, and the clock on the wall. Keys rest while somebody writes.
const KEPT = "gongzhi.desk.keys";

const rows = () => [...document.querySelectorAll("[data-rows] a.row")];
const keysOn = () => localStorage.getItem(KEPT) !== "off";

let first = ""; // "g" of "g i"

function isWriting(target) {
  return target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}

function move(step) {
  const all = rows();
  if (!all.length) return;
  const here = all.findIndex((row) => row === document.activeElement);
  const open = all.findIndex((row) => row.hasAttribute("aria-current"));
  const start = here >= 0 ? here + step : open >= 0 ? open + step : 0;
  const next = all[Math.min(all.length - 1, Math.max(0, start))];
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

function press(key) {
  const button = document.querySelector(`#case [data-key="${CSS.escape(key)}"]`);
  button?.click();
  return Boolean(button);
}

function act(key) {
  if (first === "g" && key === "i") return go(".rail a[href$='/intake/']");
  if (first === "g" && key === "q") return go(".rail a");
  if (key === "?") return openDialog(document.querySelector("#keys"));
  if (key === "/") return focusSearch();
  if (key === "j" || key === "k") return move(key === "j" ? 1 : -1) ?? true;
  return press(key);
}

function go(selector) {
  document.querySelector(selector)?.click();
  return true;
}

function focusSearch() {
  const find = document.querySelector("#find");
  find?.select();
  find?.focus();
  return Boolean(find);
}

function openDialog(dialog) {
  if (!dialog.open) dialog.showModal();
  return true;
}

function escape(event) {
  if (document.querySelector("dialog[open]")) return;
  if (event.target.id === "find") return event.target.blur();
  const menu = document.querySelector("details.more[open]");
  if (menu) { menu.removeAttribute("open"); menu.querySelector("summary").focus(); return; }
  document.body.dispatchEvent(new CustomEvent("desk:close-form"));
}

function pressed(event) {
  if (event.key === "Escape") return escape(event);
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (!keysOn() || isWriting(event.target) || document.querySelector("dialog[open]")) return;
  if (act(event.key.toLowerCase())) event.preventDefault();
  first = event.key === "g" ? "g" : "";
}

function clicked(event) {
  const opener = event.target.closest("[data-open]");
  if (opener) openDialog(document.querySelector(opener.dataset.open));
  if (event.target.closest("[data-close]") || event.target.matches("dialog")) event.target.closest("dialog").close();
}

function wallClock() {
  const clock = document.querySelector("[data-wall-clock]");
  const now = new Date(Date.now()).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
  if (clock) clock.textContent = now;
}

const toggle = document.querySelector("[data-keys-on]");
if (toggle) {
  toggle.checked = keysOn();
  toggle.addEventListener("change", () => localStorage.setItem(KEPT, toggle.checked ? "on" : "off"));
}
document.addEventListener("keydown", pressed);
document.addEventListener("click", clicked);
setInterval(wallClock, 5000);
