// What is being written, kept on this phone until it is sent: words, place, photos, the id made once.
const STORE = "drafts";
const KEY = "report";
const A_DAY = 24 * 3600 * 1000;

function open() {
  return new Promise((found, failed) => {
    const request = indexedDB.open("gongzhi", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => found(request.result);
    request.onerror = () => failed(request.error);
  });
}

async function inStore(mode, work) {
  const base = await open();
  try {
    return await new Promise((found, failed) => {
      const transaction = base.transaction(STORE, mode);
      const request = work(transaction.objectStore(STORE));
      transaction.oncomplete = () => found(request.result);
      transaction.onabort = transaction.onerror = () => failed(transaction.error);
    });
  } finally {
    base.close();
  }
}

// A private window may refuse storage: then the page works as before, only without a draft.
async function quietly(work) {
  try {
    return await work();
  } catch (problem) {
    console.warn("draft", problem);
    return null;
  }
}

export const keepDraft = (draft) => quietly(() => inStore("readwrite", (store) => store.put({ ...draft, at: Date.now() }, KEY)));

export const dropDraft = () => quietly(() => inStore("readwrite", (store) => store.delete(KEY)));

export async function keptDraft() {
  const draft = await quietly(() => inStore("readonly", (store) => store.get(KEY)));
  if (draft && Date.now() - draft.at > A_DAY && !draft.queued) {
    await dropDraft();
    return null;
  }
  return draft;
}
