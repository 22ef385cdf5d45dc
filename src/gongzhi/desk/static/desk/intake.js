// Taking down a call: the map answers into the form, similar reports are looked up while the caller talks.
const form = document.querySelector("#intake");
const box = document.querySelector("#map");

function lookUp() {
  form.dispatchEvent(new CustomEvent("intake:look", { bubbles: false }));
}

box?.addEventListener("map:picked", ({ detail }) => {
  form.elements.lon.value = detail.lon;
  form.elements.lat.value = detail.lat;
  const words = document.querySelector("#picked-words");
  words.hidden = false;
  lookUp();
});

document.querySelector("[data-clear-pick]")?.addEventListener("click", () => {
  form.elements.lon.value = form.elements.lat.value = "";
  box.placeMap.clearPick();
  document.querySelector("#picked-words").hidden = true;
  form.elements.place_text.focus();
  lookUp();
});

// Ctrl+Enter sends from anywhere in the form.
form?.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
});

// A report chosen as “the same matter” is carried in the form itself.
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-join]")) form.elements.link_to.value = event.target.value;
});

// A suggested place fills both selects.
document.addEventListener("click", (event) => {
  const place = event.target.closest("#places button");
  if (!place) return;
  const { township, area } = form.elements;
  township.value = place.dataset.township;
  area.replaceChildren(new Option(place.dataset.area ? place.dataset.name : area.options[0].text, place.dataset.area));
  document.querySelector("#places").replaceChildren();
  form.elements.kind.focus();
});
