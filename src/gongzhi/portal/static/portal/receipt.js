// The receipt as a picture on the phone, and codes to copy.
import { word } from "../base/words.js";

const receipt = document.getElementById("receipt");
const grouped = (code) => code.replace(/(.{4})(?=.)/g, "$1 ");

function write(pen, words, y, font, colour) {
  pen.font = font;
  pen.fillStyle = colour;
  pen.fillText(words, 60, y);
}

function wrap(pen, words, y, width) {
  let line = "";
  for (const sign of words) {
    if (pen.measureText(line + sign).width > width) {
      pen.fillText(line, 60, y);
      line = "";
      y += 44;
    }
    line += sign;
  }
  pen.fillText(line, 60, y);
}

function picture() {
  const canvas = Object.assign(document.createElement("canvas"), { width: 900, height: 760 });
  const pen = canvas.getContext("2d");
  const family = getComputedStyle(document.body).fontFamily;
  pen.fillStyle = "#ffffff";
  pen.fillRect(0, 0, 900, 760);
  pen.fillStyle = "#0b6b63";
  pen.fillRect(0, 0, 900, 16);
  write(pen, document.querySelector(".brand span").textContent.trim(), 96, `600 36px ${family}`, "#16202a");
  if (receipt.dataset.case) {
    write(pen, word("line_case"), 190, `30px ${family}`, "#475467");
    write(pen, grouped(receipt.dataset.case), 262, `600 68px ${family}`, "#16202a");
  }
  write(pen, word("line_receipt"), 370, `30px ${family}`, "#475467");
  write(pen, grouped(receipt.dataset.receipt), 442, `600 68px ${family}`, "#16202a");
  pen.font = `28px ${family}`;
  pen.fillStyle = "#475467";
  wrap(pen, word("line_keep"), 550, 780);
  pen.fillText(receipt.querySelector("p").textContent.trim().replace(/\s+/g, " "), 60, 700, 780);
  return canvas;
}

document.getElementById("save").addEventListener("click", () => {
  picture().toBlob((blob) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = word("file_name");
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }, "image/png");
});

for (const button of document.querySelectorAll("[data-copy]")) {
  button.addEventListener("click", async () => {
    await copy(button.dataset.copy);
    const label = button.querySelector("span");
    const before = label.textContent;
    label.textContent = word("copied");
    setTimeout(() => { label.textContent = before; }, 2500);
  });
}

// Old phones and plain http have no clipboard for pages.
async function copy(words) {
  if (navigator.clipboard) return navigator.clipboard.writeText(words);
  const box = Object.assign(document.createElement("textarea"), { value: words });
  document.body.append(box);
  box.select();
  document.execCommand("copy");
  box.remove();
  return undefined;
}
