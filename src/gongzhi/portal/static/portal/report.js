// The report page: photos made small, place from phone or map, similar reports shown, a draft kept, sending that survives a bad network.
import { word } from "../base/words.js";
import { answers, fillIn } from "../base/questions.js";
import { dropDraft, keepDraft, keptDraft } from "./drafts.js";
import { Rejected, Trouble, sendPhoto, sendReport } from "./sending.js";
import { icon, prepare, showShots } from "./shots.js";

const form = document.getElementById("report");
const send = document.getElementById("send");
const state = document.getElementById("send-state");
const previews = document.getElementById("previews");
const chooser = document.getElementById("photos");
const mapBox = document.getElementById("map");
const most = Number(form.dataset.mostPhotos);
const WORDS = ["text", "place_text", "contact", "lon", "lat"];
const WISHES = ["no_reply", "secret"];
const WAITS = [3, 6, 12, 24, 45, 60]; // seconds between tries

let shots = []; // {blob, name, token}
let clientId = crypto.randomUUID?.() ?? form.client_id.value;
let queued = false;
let tries = 0;
let timer = 0;
let sending = false;

// -- the draft -------------------------------------------------------------

function fields() {
  const chosen = form.querySelector('[name="link_to"]:checked');
  const kind = form.querySelector('[name="kind"]:checked');
  const words = Object.fromEntries(WORDS.map((name) => [name, form.elements[name]?.value ?? ""]));
  return { ...words, ...answers(form), ...ticked(), client_id: clientId, kind: kind?.value ?? "", link_to: chosen?.value ?? "", seen: "1" };
}

const ticked = () => Object.fromEntries(WISHES.filter((name) => form.elements[name].checked).map((name) => [name, "1"]));

const keep = () => keepDraft({ fields: fields(), shots, queued });

function worthKeeping(draft) {
  return draft && (draft.shots.length || draft.fields.text || draft.fields.place_text);
}

async function restore() {
  if (form.dataset.kept || document.querySelector("#wrong:not([hidden])")) return;
  const draft = await keptDraft();
  if (!worthKeeping(draft)) return;
  clientId = draft.fields.client_id;
  for (const name of WORDS) if (form.elements[name]) form.elements[name].value = draft.fields[name] ?? "";
  restoreKind(draft.fields.kind);
  for (const name of WISHES) form.elements[name].checked = Boolean(draft.fields[name]);
  fillIn(form, Object.fromEntries(Object.entries(draft.fields).filter(([name]) => name.startsWith("form."))));
  if (draft.fields.contact || WISHES.some((name) => draft.fields[name])) document.getElementById("contact-field").open = true;
  shots = draft.shots;
  await drawShots();
  restorePlace(draft.fields);
  if (draft.queued) return enqueue(true);
  const note = document.getElementById("draft-note");
  note.querySelector("span").textContent = word("kept_draft");
  note.hidden = false;
}

function restoreKind(kind) {
  const option = kind && form.querySelector(`[name="kind"][value="${CSS.escape(kind)}"]`);
  if (!option) return;
  option.checked = true;
  document.getElementById("kinds").open = true;
}

function restorePlace({ lon, lat }) {
  if (!lon || !lat) return;
  const pick = () => mapBox.placeMap.pick(Number(lon), Number(lat), "given");
  if (mapBox.placeMap?.areas) pick();
  else mapBox.addEventListener("map:ready", pick, { once: true });
}

document.getElementById("draft-clear").addEventListener("click", async () => {
  await dropDraft();
  location.reload();
});

// -- photos ----------------------------------------------------------------

async function drawShots() {
  await showShots(previews, shots, leaveOut);
  chooser.disabled = shots.length >= most;
}

async function leaveOut(index) {
  shots = shots.filter((_, place) => place !== index);
  await drawShots();
  chooser.focus();
  keep();
}

chooser.addEventListener("change", async () => {
  showError("photos", "");
  showError("text", "");
  const files = [...chooser.files];
  if (shots.length + files.length > most) showError("photos", word("photo_many", { n: most }));
  for (const file of files.slice(0, most - shots.length)) shots.push(await prepare(file));
  chooser.value = "";
  await drawShots();
  keep();
});

// -- place -------------------------------------------------------------------

const whereWords = document.getElementById("where-words");
const whereClear = document.getElementById("where-clear");
const whereAsk = whereWords.textContent;

mapBox.addEventListener("map:picked", async ({ detail }) => {
  form.elements.lon.value = detail.lon;
  form.elements.lat.value = detail.lat;
  whereClear.hidden = false;
  whereWords.replaceChildren(icon("map-pin"), word("place_found"));
  showError("place", "");
  keep();
  soonLookForSimilar();
  const answer = await fetch(`${form.dataset.placeAddress}?lon=${detail.lon}&lat=${detail.lat}`).catch(() => null);
  if (answer?.ok && Number(form.elements.lon.value) === detail.lon) whereWords.innerHTML = await answer.text();
});

whereClear.addEventListener("click", () => {
  form.elements.lon.value = form.elements.lat.value = "";
  mapBox.placeMap.clearPick();
  whereWords.textContent = whereAsk;
  whereClear.hidden = true;
  keep();
  soonLookForSimilar();
});

document.getElementById("locate").addEventListener("click", async (press) => {
  const button = press.currentTarget;
  const label = button.querySelector("span");
  const before = label.textContent;
  label.textContent = word("locating");
  button.disabled = true;
  try {
    await mapBox.placeMap.locate();
  } catch {
    showError("place", word("locate_denied"));
  }
  label.textContent = before;
  button.disabled = false;
});

// -- similar reports -----------------------------------------------------------

let asking = 0;
let lastAsked = "";

function soonLookForSimilar() {
  clearTimeout(asking);
  asking = setTimeout(lookForSimilar, 700);
}

async function lookForSimilar() {
  const { text, lon, lat, kind, link_to: chosen } = fields();
  const asked = JSON.stringify([text.trim(), lon, lat, kind]);
  if (asked === lastAsked || (!lon && text.trim().length < 4)) return;
  lastAsked = asked;
  const body = new FormData();
  for (const [name, value] of Object.entries({ text, lon, lat, kind, link_to: chosen, client_id: clientId })) body.set(name, value);
  const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
  const answer = await fetch(form.dataset.similarAddress, { method: "POST", body, headers }).catch(() => null);
  if (answer?.ok && asked === lastAsked) document.getElementById("similar").innerHTML = await answer.text();
}

form.addEventListener("input", ({ target }) => {
  if (target.name) showError(target.name, "");
  keep();
  soonLookForSimilar();
});

// -- errors ----------------------------------------------------------------------

function showError(field, words) {
  const line = form.querySelector(`[data-error-for="${field}"]`);
  if (!line) return Boolean(words) && showGeneral(words);
  line.hidden = !words;
  line.querySelector("span").textContent = words;
  form.elements[field]?.setAttribute?.("aria-invalid", words ? "true" : "false");
  if (words) line.closest("details")?.setAttribute("open", "");
  else if (!form.querySelector("[data-error-for]:not([hidden])")) document.getElementById("wrong").hidden = true;
  return Boolean(words);
}

function showGeneral(words) {
  document.querySelector('#wrong [data-error-for="report"]').textContent = words;
  return true;
}

function showErrors(errors) {
  const box = document.getElementById("wrong");
  showGeneral("");
  for (const line of form.querySelectorAll("[data-error-for]")) showError(line.dataset.errorFor, "");
  for (const [field, words] of Object.entries(errors)) showError(field, words);
  box.hidden = false;
  box.focus();
}

// -- sending -----------------------------------------------------------------------

function say(words, sign = "send", waiting = false) {
  state.hidden = !words;
  state.classList.toggle("waiting", waiting);
  const text = Object.assign(document.createElement("span"), { textContent: words });
  state.replaceChildren(icon(sign), text);
}

function enqueue(now) {
  queued = true;
  keep();
  if (now) attempt();
}

async function attempt() {
  if (sending) return;
  clearTimeout(timer);
  sending = true;
  send.disabled = true;
  send.querySelector("span").textContent = word("sending");
  try {
    await deliver();
  } catch (problem) {
    failed(problem);
  }
  sending = false;
}

async function deliver() {
  const csrf = form.elements.csrfmiddlewaretoken.value;
  for (const [index, shot] of shots.entries()) {
    if (shot.token) continue;
    say(word("sending_photo", { n: index + 1, of: shots.length }), "photo");
    shot.token = await sendPhoto(form.dataset.photoAddress, clientId, shot, csrf);
    await keep();
  }
  say(word("sending"));
  const next = await sendReport(form.action, fields(), shots.map((shot) => shot.token), csrf);
  queued = false;
  await dropDraft();
  say(word("sent"), "check");
  location.assign(next);
}

function failed(problem) {
  send.disabled = false;
  send.querySelector("span").textContent = word("send");
  if (problem instanceof Rejected) {
    queued = false;
    say("");
    if (problem.clientId) clientId = problem.clientId;
    keep();
    showErrors(problem.errors);
    return;
  }
  waitAndTryAgain(problem instanceof Trouble ? "server_trouble" : "waiting");
}

function waitAndTryAgain(why) {
  const wait = WAITS[Math.min(tries, WAITS.length - 1)];
  tries += 1;
  say(word(why), "wifi-off", true);
  send.querySelector("span").textContent = word("try_now");
  timer = setTimeout(attempt, wait * 1000);
}

form.addEventListener("submit", (press) => {
  press.preventDefault();
  document.getElementById("wrong").hidden = true;
  enqueue(true);
});

// Coming back to a page that was sent already: a new report needs a new id.
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
window.addEventListener("online", () => { if (queued) attempt(); });
document.addEventListener("visibilitychange", () => { if (queued && !document.hidden) attempt(); });

if (form.dataset.kept) clientId = form.client_id.value;
restore();
