// Nobody leaves the page of a receipt by mistake: it is shown only once.
let leaving = false;

for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    leaving = true;
    setTimeout(() => { leaving = false; }, 4000); // the proof is a download: the page stays
  });
}

window.addEventListener("beforeunload", (leave) => {
  if (!leaving) leave.preventDefault();
});
