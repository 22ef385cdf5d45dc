// An opened contact is shown for as long as its element says, then it is gone from the page.
const TICK = 1000;

function begin(box) {
  if (box.dataset.begun) return;
  box.dataset.begun = "yes";
  const until = Date.now() + Number(box.dataset.reveal) * TICK;
  const left = box.querySelector("[data-left]");
  const timer = setInterval(() => {
    const seconds = Math.ceil((until - Date.now()) / TICK);
    if (!box.isConnected) return clearInterval(timer);
    if (seconds > 0) left.textContent = seconds;
    else { clearInterval(timer); hide(box); }
  }, TICK / 4);
  for (const button of box.querySelectorAll("[data-hide]")) button.hidden = false;
  box.querySelector("[data-value]")?.focus();
}

function hide(box) {
  for (const part of box.querySelectorAll("[data-value]")) part.remove();
  for (const part of box.querySelectorAll("[data-while-open]")) part.hidden = true;
  for (const part of box.querySelectorAll("[data-when-closed]")) part.hidden = false;
  box.removeAttribute("data-reveal");
  box.querySelector("[data-when-closed] a, a")?.focus();
  box.dispatchEvent(new CustomEvent("reveal:ended", { bubbles: true }));
}

const all = () => document.querySelectorAll("[data-reveal]");

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-hide]");
  if (button) hide(button.closest("[data-reveal]"));
});
window.addEventListener("pagehide", () => all().forEach(hide)); // what the browser keeps for Back holds nothing
document.addEventListener("htmx:load", () => all().forEach(begin));
all().forEach(begin);
