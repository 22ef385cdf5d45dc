// The sentences a page's scripts say, put there by the server in the reader's language.
const sentences = Object.assign({}, ...[...document.querySelectorAll("script[data-words]")].map((block) => JSON.parse(block.textContent)));

export function word(name, params = {}) {
  return (sentences[name] ?? name).replace(/%\((\w+)\)s/g, (_, key) => params[key] ?? "");
}
