// Counts down every [data-due] once a second. The server's words stay right without this script.
import { word } from "./words.js";

const SIGNS = { late: "alert-triangle", soon: "hourglass-high", waiting: "clock" };
const skew = serverSkew();

function serverSkew() {
  const [arrival] = performance.getEntriesByType("navigation");
  const told = document.querySelector('meta[name="now"]');
  if (!told || arrival?.type === "back_forward") return 0;
  return Date.parse(told.content) - Date.now();
}

function two(large, many, small, rest) {
  return rest ? `${word(large, { n: many })} ${word(small, { n: rest })}` : word(large, { n: many });
}

export function span(seconds) {
  if (seconds < 60) return word("s", { n: seconds });
  if (seconds < 600) return two("min", Math.floor(seconds / 60), "s", seconds % 60);
  if (seconds < 3600) return word("min", { n: Math.floor(seconds / 60) });
  if (seconds < 86400) return two("h", Math.floor(seconds / 3600), "min", Math.floor((seconds % 3600) / 60));
  return two("d", Math.floor(seconds / 86400), "h", Math.floor((seconds % 86400) / 3600));
}

function levelAt(element, now) {
  if (now >= Date.parse(element.dataset.due)) return "late";
  return now >= Date.parse(element.dataset.soon) ? "soon" : "waiting";
}

function show(element, now) {
  const seconds = Math.floor((Date.parse(element.dataset.due) - now) / 1000);
  const level = levelAt(element, now);
  const words = seconds >= 0 ? word("left", { span: span(seconds) }) : word("late", { span: span(-seconds) });
  const left = element.querySelector("span.left");
  if (left && left.textContent !== words) left.textContent = words;
  if (element.classList.contains(level)) return;
  element.classList.remove("late", "soon", "on_time", "waiting");
  element.classList.add(level);
  const use = element.querySelector("use");
  use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#${SIGNS[level]}`));
  element.dispatchEvent(new CustomEvent("clock:level", { bubbles: true, detail: { level } }));
}

function tick() {
  const now = Date.now() + skew;
  for (const element of document.querySelectorAll("[data-due]")) show(element, now);
}

tick();
setInterval(tick, 1000);
