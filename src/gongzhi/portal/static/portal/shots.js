// Photos before they are sent: made small on the phone, shown, left out again.
import { word } from "../base/words.js";

const LONGEST_SIDE = 2000;
const QUALITY = 0.85;
const PREVIEW = 208;

function drawn(bitmap, width, height, crop = [0, 0, bitmap.width, bitmap.height]) {
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(bitmap, ...crop, 0, 0, width, height);
  return canvas;
}

// A file the browser can't draw (some HEIC) goes as it is: the server decides by its content.
export async function prepare(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!bitmap) return { blob: file, name: file.name };
  const share = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
  const canvas = drawn(bitmap, Math.round(bitmap.width * share), Math.round(bitmap.height * share));
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  bitmap.close();
  return blob ? { blob, name: "photo.jpg" } : { blob: file, name: file.name };
}

async function preview(shot) {
  const bitmap = await createImageBitmap(shot.blob).catch(() => null);
  if (!bitmap) return Object.assign(document.createElement("canvas"), { width: PREVIEW, height: PREVIEW });
  const side = Math.min(bitmap.width, bitmap.height);
  const canvas = drawn(bitmap, PREVIEW, PREVIEW, [(bitmap.width - side) / 2, (bitmap.height - side) / 2, side, side]);
  bitmap.close();
  return canvas;
}

function icon(name) {
  const sample = document.querySelector("svg.icon use").getAttribute("href").replace(/#.*/, `#${name}`);
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.append(document.createElementNS(space, "use"));
  svg.firstChild.setAttribute("href", sample);
  return svg;
}

export async function showShots(list, shots, leaveOut) {
  const items = await Promise.all(shots.map(async (shot, index) => {
    const item = document.createElement("li");
    const picture = await preview(shot);
    picture.setAttribute("role", "img");
    picture.setAttribute("aria-label", word("photo_n", { n: index + 1 }));
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.setAttribute("aria-label", word("remove_photo", { n: index + 1 }));
    button.append(icon("x"));
    button.addEventListener("click", () => leaveOut(index));
    item.append(picture, button);
    return item;
  }));
  list.replaceChildren(...items);
}

export { icon };
