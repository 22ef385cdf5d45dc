// The phone's side: sending with its state always in sight, drafts that survive, distance worked out on the phone alone.
import { word } from "../base/words.js";

const AGAIN_EVERY = 10_000; // ms between tries of a form that waits for a signal
const GIVE_UP = 30_000; // ms before a silent network counts as none
const LARGEST = 2048; // pixels of a photo's longer side: enough to see, light to send
const net = document.querySelector("[data-net]");
const again = document.querySelector("[data-net-again]");
let waiting = null; // the form that could not be sent

// -- the line that says how things stand ---------------------------------------

function show(state, words, canRetry = false) {
  net.hidden = !words;
  net.dataset.state = state;
  net.querySelector("[data-net-words]").textContent = words ?? "";
  again.hidden = !canRetry;
}

function showNetwork() {
  if (waiting) return;
  if (navigator.onLine) show("", "");
  else show("offline", word("offline"));
}

// -- sending ---------------------------------------------------------------------

function busy(form, yes) {
  form.dataset.state = yes ? "sending" : "";
  for (const button of form.querySelectorAll("button:not([type=button])")) button.setAttribute("aria-disabled", String(yes));
}

async function send(form) {
  if (form.dataset.state === "sending") return;
  busy(form, true);
  show("sending", word("sending"));
  try {
    const answer = await fetch(form.action, {
      method: "POST", body: await content(form), headers: { Accept: "application/json" }, signal: AbortSignal.timeout(GIVE_UP),
    });
    if (answer.redirected) return location.assign(answer.url); // signed out meanwhile
    if (answer.status >= 500) throw new Error(String(answer.status));
    await told(form, answer);
  } catch (problem) {
    console.warn(problem);
    keepForLater(form);
  }
}

async function told(form, answer) {
  const said = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : {};
  waiting = null;
  if (answer.ok) {
    forget(form);
    show("sent", word("sent"));
    return location.assign(said.next);
  }
  busy(form, false);
  if (said.client_id) form.elements.client_id.value = said.client_id;
  showErrors(form, said.errors ?? { "": word("not_taken") });
}

function keepForLater(form) {
  waiting = form;
  busy(form, false);
  show("waiting", word(navigator.onLine ? "server_away" : "no_signal"), true);
  setTimeout(() => { if (waiting === form) send(form); }, AGAIN_EVERY);
}

function showErrors(form, errors) {
  const spots = [...form.querySelectorAll("[data-error]")];
  for (const spot of spots) spot.hidden = true;
  const rest = [];
  for (const [name, words] of Object.entries(errors)) {
    const spot = spots.find((each) => each.dataset.error === name);
    if (!spot) { rest.push(words); continue; }
    spot.hidden = false;
    spot.querySelector("span").textContent = words;
    form.elements[name]?.setAttribute?.("aria-invalid", "true");
  }
  show("refused", rest.join(" "));
  spots.find((spot) => !spot.hidden)?.scrollIntoView({ block: "center" });
}

// -- drafts: what was typed stays until it is sent ---------------------------------

const draftKey = (form) => `field:${form.dataset.draft}`;

function remember(form) {
  const kept = Object.fromEntries([...form.querySelectorAll("textarea, input[type=text]")].map((each) => [each.name, each.value]));
  sessionStorage.setItem(draftKey(form), JSON.stringify(kept));
}

function recall(form) {
  const kept = JSON.parse(sessionStorage.getItem(draftKey(form)) ?? "{}");
  for (const [name, value] of Object.entries(kept)) {
    const field = form.elements[name];
    if (field && !field.value) field.value = value;
  }
}

function forget(form) {
  if (form.dataset.draft) sessionStorage.removeItem(draftKey(form));
}

// -- photos: shown, made smaller, sent with the form ---------------------------------

const chosen = new Map(); // form → files

async function content(form) {
  const data = new FormData(form);
  if (!chosen.has(form)) return data;
  data.delete("photos");
  for (const file of chosen.get(form)) data.append("photos", await smaller(file), file.name);
  return data;
}

const made = new WeakMap(); // the same bytes on every try

async function smaller(file) {
  if (!made.has(file)) made.set(file, await shrunk(file).catch(() => file)); // what the phone can't read, the server may
  return made.get(file);
}

async function shrunk(file) {
  const picture = await createImageBitmap(file);
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  if (scale === 1 && file.size < 1_000_000) return file;
  const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(picture.width * scale), height: Math.round(picture.height * scale) });
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

function takePhotos(box) {
  const input = box.querySelector("input[type=file]"), form = input.form;
  const files = [...(chosen.get(form) ?? []), ...input.files].slice(0, Number(box.dataset.most));
  input.value = "";
  showPhotos(box, form, files);
}

function showPhotos(box, form, files) {
  chosen.set(form, files);
  box.querySelector("[data-photos-shown]").replaceChildren(...files.map((file, index) => {
    const item = document.createElement("li");
    const picture = Object.assign(new Image(96, 96), { src: URL.createObjectURL(file), alt: word("photo", { n: index + 1 }) });
    const drop = Object.assign(document.createElement("button"), { type: "button", className: "button drop", textContent: "×" });
    drop.setAttribute("aria-label", word("drop_photo", { n: index + 1 }));
    drop.addEventListener("click", () => showPhotos(box, form, files.filter((each) => each !== file)));
    item.append(picture, drop);
    return item;
  }));
}

// -- the phone's own position: used here, sent nowhere but as the place of a matter -----

const position = () => new Promise((found, lost) =>
  navigator.geolocation.getCurrentPosition(found, lost, { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 }));

function metres(from, to) {
  const rad = Math.PI / 180, half = (angle) => Math.sin((angle * rad) / 2) ** 2;
  const h = half(to.lat - from.lat) + Math.cos(from.lat * rad) * Math.cos(to.lat * rad) * half(to.lon - from.lon);
  return 2 * 6_371_008.8 * Math.asin(Math.sqrt(h));
}

function distanceWords(far) {
  if (far < 1000) return word("metres_away", { n: Math.max(10, Math.round(far / 10) * 10) });
  return word("km_away", { n: (far / 1000).toFixed(1) });
}

async function showDistances() {
  const spots = [...document.querySelectorAll("[data-far]")];
  if (!spots.length || !navigator.geolocation) return;
  const permission = await navigator.permissions?.query({ name: "geolocation" }).catch(() => null);
  if (permission?.state === "granted") return tellDistances(spots);
  for (const spot of spots) offerDistance(spot, spots);
}

function offerDistance(spot, spots) {
  const ask = Object.assign(document.createElement("button"), { type: "button", className: "button bare", textContent: word("how_far") });
  ask.addEventListener("click", () => tellDistances(spots));
  spot.replaceChildren(ask);
}

async function tellDistances(spots) {
  try {
    const { coords } = await position();
    const me = { lon: coords.longitude, lat: coords.latitude };
    for (const spot of spots) spot.textContent = distanceWords(metres(me, { lon: Number(spot.dataset.lon), lat: Number(spot.dataset.lat) }));
  } catch {
    for (const spot of spots) spot.textContent = word("no_position");
  }
}

function readyPlace(box) {
  const form = box.form ?? box.closest("form"), words = box.querySelector("[data-place-words]");
  const mapBox = box.querySelector("[data-map]"), toggle = box.querySelector("[data-show-map]");
  const place = (lon, lat, said) => {
    form.elements.lon.value = lon.toFixed(6);
    form.elements.lat.value = lat.toFixed(6);
    words.textContent = said;
    for (const tick of box.querySelectorAll(".tick")) tick.hidden = true; // the point says more than the grid
  };
  const showOnMap = () => {
    const { lon, lat } = form.elements;
    if (mapBox.offsetParent && lon.value) mapBox.placeMap?.pick(Number(lon.value), Number(lat.value), "phone");
  };
  box.querySelector("[data-here]").addEventListener("click", async () => {
    words.textContent = word("locating");
    try {
      const { coords } = await position();
      place(coords.longitude, coords.latitude, word("located", { n: Math.max(5, Math.round(coords.accuracy)) }));
      showOnMap();
    } catch {
      words.textContent = word("no_position_map");
    }
  });
  toggle.addEventListener("click", () => {
    const hidden = box.querySelector("#place-map").toggleAttribute("hidden");
    toggle.setAttribute("aria-expanded", String(!hidden));
    if (hidden) return;
    setTimeout(showOnMap, 60); // the map has to have a size first
    mapBox.scrollIntoView({ block: "center" });
  });
  mapBox.addEventListener("map:picked", ({ detail }) => {
    if (detail.by !== "phone") place(detail.lon, detail.lat, word("marked"));
  });
}

// -- begin --------------------------------------------------------------------------

for (const form of document.querySelectorAll("form[data-send]")) {
  form.addEventListener("submit", (submitted) => { submitted.preventDefault(); send(form); });
  if (form.dataset.draft) {
    recall(form);
    form.addEventListener("input", () => remember(form));
  }
}
for (const box of document.querySelectorAll("[data-photos]")) box.addEventListener("change", () => takePhotos(box));
for (const box of document.querySelectorAll("fieldset.place")) readyPlace(box);
again.addEventListener("click", () => waiting && send(waiting));
addEventListener("online", () => (waiting ? send(waiting) : showNetwork()));
addEventListener("offline", showNetwork);
showNetwork();
showDistances();
