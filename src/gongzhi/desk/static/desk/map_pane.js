// The map draws what the queue lists: one pin per row that has a place.
import { openCode, rowOf, rows } from "./queue.js";

const box = document.querySelector("#map");

function features() {
  return rows().filter((row) => row.dataset.lon).map((row) => ({
    geometry: { coordinates: [Number(row.dataset.lon), Number(row.dataset.lat)] },
    properties: {
      code: row.dataset.code,
      state: row.dataset.state,
      title: row.querySelector(".row-title").textContent,
      words: row.querySelector(".row-sign").textContent.trim(),
    },
  }));
}

function drawPins() {
  box.placeMap?.setPins(features());
  choose(false);
}

function choose(move) {
  box.placeMap?.choose(openCode(), { move });
}

// While the place of a case is being corrected, a click on the map is an answer.
function allowPick(form) {
  const map = box.placeMap?.map;
  if (!map || form.dataset.picking) return;
  form.dataset.picking = "yes";
  document.body.classList.add("picking");
  const pick = (tap) => box.placeMap.pick(tap.latlng.lng, tap.latlng.lat, "tap");
  map.on("click", pick);
  const stop = new MutationObserver(() => {
    if (form.isConnected) return;
    map.off("click", pick);
    box.placeMap.clearPick();
    document.body.classList.remove("picking");
    stop.disconnect();
  });
  stop.observe(document.querySelector("main"), { childList: true, subtree: true });
}

function fillPick(event) {
  const form = document.querySelector("form[data-step=relocate]");
  if (!form) return;
  form.elements.lon.value = event.detail.lon;
  form.elements.lat.value = event.detail.lat;
  form.querySelector("[data-picked]").hidden = false;
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

export function keepMap() {
  if (!box) return;
  box.addEventListener("map:ready", () => { drawPins(); choose(true); });
  box.addEventListener("map:chosen", (event) => rowOf(event.detail.code)?.querySelector("a").click());
  box.addEventListener("map:picked", fillPick);
  document.addEventListener("desk:rows", drawPins);
  document.addEventListener("desk:opened", () => choose(true));
  document.addEventListener("desk:form", (event) => {
    if (event.detail.dataset.step === "relocate") allowPick(event.detail);
  });
  if (box.placeMap) drawPins();
}
