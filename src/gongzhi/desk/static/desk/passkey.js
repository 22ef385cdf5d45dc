// Passkeys: the browser makes or uses one, the form carries its answer. Without this script the other ways stay open.

const fromBase64 = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toBase64 = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list = []) => list.map((each) => ({ ...each, id: fromBase64(each.id) }));

function optionsOf(form) {
  const { publicKey } = JSON.parse(form.dataset.options);
  publicKey.challenge = fromBase64(publicKey.challenge);
  if (publicKey.user) publicKey.user.id = fromBase64(publicKey.user.id);
  if (publicKey.excludeCredentials) publicKey.excludeCredentials = known(publicKey.excludeCredentials);
  if (publicKey.allowCredentials) publicKey.allowCredentials = known(publicKey.allowCredentials);
  return { publicKey };
}

function told(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const answer = Object.fromEntries(
    parts.filter((part) => response[part]).map((part) => [part, toBase64(response[part])]),
  );
  return {
    id: credential.id,
    rawId: toBase64(credential.rawId),
    type: credential.type,
    response: answer,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function start(form) {
  const failed = form.querySelector("[data-passkey-failed]");
  failed.hidden = true;
  if (!form.reportValidity()) return;
  try {
    const credential = await navigator.credentials[form.dataset.passkey](optionsOf(form));
    form.elements.credential.value = JSON.stringify(told(credential));
    form.submit();
  } catch {
    failed.hidden = false;
  }
}

const possible = window.isSecureContext && window.PublicKeyCredential && !/^[\d.]+$|:/.test(location.hostname);
for (const form of document.querySelectorAll("[data-passkey]")) {
  const button = form.querySelector("[data-passkey-start]");
  button.addEventListener("click", () => start(form));
  form.addEventListener("submit", (submitted) => {
    submitted.preventDefault();
    start(form);
  });
  button.disabled = !possible;
}
for (const words of document.querySelectorAll("[data-passkey-impossible]")) words.hidden = Boolean(possible);
