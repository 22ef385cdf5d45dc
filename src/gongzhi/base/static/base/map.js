// <div class="map" data-map …>: areas, names and pins drawn from our own data; tiles only if an address is given.
// Attributes, events and methods are listed in base/templates/README.md.
import { word } from "./words.js";

const L = window.L;
const SHAPES = {
  late: '<path d="M12 3 22.5 21h-21z"/>',
  soon: '<circle cx="12" cy="12" r="9"/><path d="M12 7v5.5l3.5 2" fill="none"/>',
  open: '<circle cx="12" cy="12" r="8"/>',
  done: '<rect x="4" y="4" width="16" height="16" rx="2"/>',
  here: '<path d="M12 23s8-7.6 8-13.5a8 8 0 1 0-16 0C4 15.4 12 23 12 23z"/><circle class="eye" cx="12" cy="9.5" r="2.5"/>',
};
const URGENCY = ["late", "soon", "open", "done"];
const CELL = 40; // pins nearer than this many pixels are drawn as one
const NEAR_ZOOM = 12; // from here the smaller areas are drawn too

function shape(state) {
  return `<svg viewBox="0 0 24 24" aria-hidden="true">${SHAPES[state] ?? SHAPES.open}</svg>`;
}

async function fetchJson(address) {
  const answer = await fetch(address, { headers: { Accept: "application/geo+json, application/json" } });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.json();
}

class PlaceMap {
  constructor(box) {
    this.box = box;
    this.pins = [];
    this.names = [];
    this.chosen = "";
    this.pane = document.createElement("div");
    box.append(this.pane);
    this.map = L.map(this.pane, {
      zoomControl: false, attributionControl: false, zoomSnap: 0.5, minZoom: 7, maxZoom: 19,
      fadeAnimation: false, zoomAnimation: false, keyboardPanDelta: 60, scrollWheelZoom: box.dataset.wheel !== "no",
    });
    this.pane.setAttribute("role", "application");
    this.pane.setAttribute("aria-label", box.dataset.label ?? "");
    L.control.zoom({ position: "topright", zoomInTitle: word("zoom_in"), zoomOutTitle: word("zoom_out") }).addTo(this.map);
    if (box.dataset.pick === undefined) L.control.scale({ imperial: false, position: "bottomright" }).addTo(this.map);
    this.map.setView([29.8, 119.7], 9);
    this.map.createPane("names").classList.add("names");
    this.pinLayer = L.layerGroup().addTo(this.map);
    this.map.on("zoomend", () => this.drawAgain());
    new ResizeObserver(() => this.resized()).observe(box);
    if (box.dataset.tiles) this.addTiles();
    if (box.dataset.pick !== undefined) this.allowPicking();
  }

  addTiles() {
    this.box.classList.add("has-tiles");
    L.tileLayer(this.box.dataset.tiles, { maxZoom: 18 }).addTo(this.map);
    const credit = L.control.attribution({ prefix: false, position: "bottomright" }).addTo(this.map);
    credit.addAttribution(this.box.dataset.attribution ?? "");
  }

  async load() {
    const { boundaries, near, cases } = this.box.dataset;
    try {
      if (boundaries) this.drawAreas(await fetchJson(boundaries));
      if (near) this.map.on("zoomend", () => this.drawNear(near));
      if (cases) this.setPins((await fetchJson(cases)).features);
    } catch (problem) {
      this.say(word("map_failed"));
      console.warn(problem);
    }
    this.box.dispatchEvent(new CustomEvent("map:ready", { bubbles: true, detail: { map: this } }));
  }

  say(words) {
    this.note?.remove();
    this.note = Object.assign(document.createElement("p"), { className: "tag illustrative", textContent: words });
    this.box.append(this.note);
  }

  // -- areas and their names -------------------------------------------------

  drawAreas(collection) {
    this.areas = L.geoJSON(collection, {
      style: { className: "area", fillOpacity: 1 },
      interactive: this.box.dataset.areas !== undefined,
      onEachFeature: (feature, layer) => this.readyArea(feature, layer),
    }).addTo(this.map);
    if (collection.features.some((feature) => feature.properties.illustrative)) this.say(word("illustrative"));
    this.fit();
    this.nameAreas();
  }

  readyArea(feature, layer) {
    layer.on("click", () => this.tell("map:area", { id: feature.properties.id, name: feature.properties.name }));
  }

  chooseArea(id) {
    this.areas?.eachLayer((layer) => layer.getElement()?.classList.toggle("chosen", layer.feature.properties.id === id));
  }

  async drawNear(address) {
    if (this.nearAreas || this.map.getZoom() < NEAR_ZOOM) return;
    this.nearAreas = L.layerGroup();
    const collection = await fetchJson(address).catch(() => null);
    if (!collection) return;
    this.nearAreas = L.geoJSON(collection, { style: { className: "area near", fillOpacity: 0 }, interactive: false }).addTo(this.map);
    this.nameAreas();
  }

  nameAreas() {
    this.names.forEach((name) => name.remove());
    const near = this.nearAreas?.getLayers?.() ?? [];
    const layers = this.map.getZoom() >= NEAR_ZOOM && near.length ? near : this.areas?.getLayers() ?? [];
    const taken = [];
    this.names = layers.filter((layer) => this.hasRoomForName(layer, taken)).map((layer) => this.nameOf(layer).addTo(this.map));
  }

  // A name is drawn when it fits its area more or less and covers no other name.
  hasRoomForName(layer, taken) {
    const bounds = layer.getBounds();
    if (!bounds.isValid() || !this.map.getBounds().intersects(bounds)) return false;
    const [a, b] = [this.map.latLngToLayerPoint(bounds.getNorthWest()), this.map.latLngToLayerPoint(bounds.getSouthEast())];
    const letter = document.documentElement.classList.contains("senior") ? 16 : 12;
    const half = L.point((layer.feature.properties.name.length * letter) / 2, letter * 0.7);
    const middle = this.map.latLngToLayerPoint(bounds.getCenter());
    const box = L.bounds(middle.subtract(half), middle.add(half));
    if (b.x - a.x < half.x * 1.3 || taken.some((other) => other.overlaps(box))) return false;
    taken.push(box);
    return true;
  }

  nameOf(layer) {
    const label = document.createElement("span");
    label.textContent = layer.feature.properties.name;
    const icon = L.divIcon({ className: "area-name", html: label, iconSize: null, iconAnchor: [0, 8] });
    return L.marker(layer.getBounds().getCenter(), { icon, pane: "names", interactive: false, keyboard: false });
  }

  fit() {
    const bounds = this.areas?.getBounds();
    if (!bounds?.isValid()) return;
    this.map.setMaxBounds(bounds.pad(0.6));
    if (!this.point) this.map.fitBounds(bounds, { padding: [8, 8] });
  }

  resized() {
    this.map.invalidateSize({ pan: false });
    if (!this.touched) this.fit();
  }

  // -- pins --------------------------------------------------------------------

  setPins(features) {
    this.pins = features.filter((feature) => feature.geometry).map((feature) => ({
      ...feature.properties,
      at: L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]),
    }));
    this.drawPins();
  }

  drawAgain() {
    this.nameAreas();
    this.drawPins();
  }

  drawPins() {
    this.pinLayer.clearLayers();
    for (const group of this.groups()) {
      const marker = group.length > 1 ? this.manyMarker(group) : this.pinMarker(group[0]);
      this.pinLayer.addLayer(marker);
      marker.getElement()?.setAttribute("aria-label", marker.options.title);
    }
  }

  // Each pin joins the first group within reach; the chosen one stands alone.
  groups() {
    const groups = [];
    const reach = this.map.getZoom() < this.map.getMaxZoom() ? CELL : 0;
    for (const pin of this.pins) {
      const point = this.map.project(pin.at);
      const near = pin.code !== this.chosen && groups.find((group) => group.open && group.point.distanceTo(point) < reach);
      if (near) near.pins.push(pin);
      else groups.push({ point, pins: [pin], open: pin.code !== this.chosen });
    }
    return groups.map((group) => group.pins);
  }

  pinMarker(pin) {
    const chosen = pin.code === this.chosen ? " chosen" : "";
    const icon = L.divIcon({ className: `pin ${pin.state}${chosen}`, html: shape(pin.state), iconSize: [28, 28] });
    const title = [pin.title, pin.words].filter(Boolean).join(" · ");
    const marker = L.marker(pin.at, { icon, title, zIndexOffset: chosen ? 2000 : 300 * (3 - URGENCY.indexOf(pin.state)) });
    return marker.on("click", () => { this.choose(pin.code); this.tell("map:chosen", { code: pin.code, pin }); });
  }

  manyMarker(group) {
    const state = URGENCY.find((level) => group.some((pin) => pin.state === level)) ?? "open";
    const icon = L.divIcon({ className: `pin many ${state}`, html: String(group.length), iconSize: [34, 34] });
    const middle = L.latLngBounds(group.map((pin) => pin.at));
    const marker = L.marker(middle.getCenter(), { icon, title: word("many", { n: group.length }) });
    return marker.on("click", () => this.map.fitBounds(middle.pad(0.3), { maxZoom: this.map.getZoom() + 3 }));
  }

  choose(code, { move = false } = {}) {
    this.chosen = code;
    this.drawPins();
    const pin = this.pins.find((each) => each.code === code);
    if (!pin || !move) return;
    this.touched = true;
    this.map.setView(pin.at, Math.max(this.map.getZoom(), NEAR_ZOOM + 1));
  }

  // -- picking a place -----------------------------------------------------------

  allowPicking() {
    this.map.on("click", (tap) => this.pick(tap.latlng.lng, tap.latlng.lat, "tap"));
    this.pane.addEventListener("keydown", (press) => {
      if (press.key === "Enter" && press.target === this.pane) {
        press.preventDefault();
        const middle = this.map.getCenter();
        this.pick(middle.lng, middle.lat, "keyboard");
      }
    });
    const { lon, lat } = this.box.dataset;
    if (lon && lat) this.box.addEventListener("map:ready", () => this.pick(Number(lon), Number(lat), "given"), { once: true });
  }

  pick(lon, lat, by) {
    this.point = L.latLng(lat, lon);
    this.touched = true;
    if (!this.here) this.here = this.hereMarker();
    this.here.setLatLng(this.point);
    if (by === "phone" || by === "given") this.map.setView(this.point, Math.max(this.map.getZoom(), this.box.dataset.tiles ? 16 : NEAR_ZOOM + 1));
    this.tell("map:picked", { lon: Number(lon.toFixed(6)), lat: Number(lat.toFixed(6)), by });
  }

  clearPick() {
    this.here?.remove();
    this.here = this.point = undefined;
  }

  hereMarker() {
    const icon = L.divIcon({ className: "pin here", html: shape("here"), iconSize: [36, 36], iconAnchor: [18, 34] });
    const marker = L.marker(this.point, { icon, draggable: true, autoPan: true, title: word("picked"), zIndexOffset: 3000 }).addTo(this.map);
    marker.on("dragend", () => { const { lng, lat } = marker.getLatLng(); this.pick(lng, lat, "drag"); });
    marker.getElement().setAttribute("aria-label", word("picked"));
    marker.getElement().addEventListener("keydown", (press) => this.nudge(press));
    return marker;
  }

  nudge(press) {
    const move = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] }[press.key];
    if (!move) return;
    press.preventDefault();
    press.stopPropagation();
    const step = press.shiftKey ? 40 : 8;
    const point = this.map.latLngToContainerPoint(this.point).add([move[0] * step, move[1] * step]);
    const { lng, lat } = this.map.containerPointToLatLng(point);
    this.pick(lng, lat, "keyboard");
    this.map.panInside(this.point, { padding: [40, 40] });
  }

  // The phone's position is asked for only when somebody presses the button for it.
  locate() {
    return new Promise((found, failed) => {
      if (!navigator.geolocation) return failed(new Error("none"));
      navigator.geolocation.getCurrentPosition(
        ({ coords }) => { this.pick(coords.longitude, coords.latitude, "phone"); found(coords); },
        failed,
        { enableHighAccuracy: true, timeout: 12000, maximumAge: 30000 },
      );
    });
  }

  tell(name, detail) {
    this.box.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

export function startMaps(root = document) {
  for (const box of root.querySelectorAll("[data-map]")) {
    if (box.placeMap) continue;
    box.placeMap = new PlaceMap(box);
    box.placeMap.load();
  }
}

startMaps();
document.addEventListener("htmx:load", (arrival) => startMaps(arrival.target));
