// A pin chosen on the map shows itself in the list, and the other way round.
const map = document.getElementById("public-map");
const items = new Map([...document.querySelectorAll(".matters [data-code]")].map((item) => [item.dataset.code, item]));

function mark(code) {
  for (const [each, item] of items) item.classList.toggle("chosen", each === code);
}

map.addEventListener("map:chosen", ({ detail }) => {
  mark(detail.code);
  const item = items.get(detail.code);
  item?.scrollIntoView({ block: "nearest" });
  item?.querySelector("a").focus({ preventScroll: true });
});

for (const [code, item] of items) {
  item.addEventListener("mouseenter", () => { mark(code); map.placeMap?.choose(code); });
  item.addEventListener("focusin", () => { mark(code); map.placeMap?.choose(code); });
}
