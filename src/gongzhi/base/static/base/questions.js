// A kind's own questions: those of the chosen kind are shown, the others hidden. Works on forms fetched later too.

function show(form) {
  const kind = form.querySelector('[name="kind"]:checked, select[name="kind"]')?.value ?? "";
  for (const set of form.querySelectorAll("[data-questions]")) set.hidden = set.dataset.questions !== kind;
}

document.addEventListener("change", ({ target }) => {
  if (target.name === "kind" && target.form) show(target.form);
});

// The answers to the questions now shown, as a page sends them.
export function answers(form) {
  const inputs = form.querySelectorAll("[data-questions]:not([hidden]) :is(input, textarea)");
  const given = [...inputs].filter((each) => each.type !== "radio" || each.checked);
  return Object.fromEntries(given.map((each) => [each.name, each.value]));
}

export function fillIn(form, kept) {
  for (const [name, value] of Object.entries(kept)) {
    for (const each of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (each.type === "radio") each.checked = each.value === value;
      else each.value = value;
    }
  }
  show(form);
}
