/** So long may the stored page lag behind one that is looked at. */
const RENEW_MS = 10 * 60_000;

/** When this page was stored, where it comes from the store because the dashboard could not be reached; Unix milliseconds. */
export function storedAt(document: Document): number | undefined {
  const at = Number(document.documentElement.dataset["storedAt"]);
  return Number.isFinite(at) && at > 0 ? at : undefined;
}

/** Has the start page kept for when the dashboard cannot be reached; browsers do so only where the connection is safe. */
export function keepForOffline(navigator: Navigator, performance: Performance): void {
  if (!("serviceWorker" in navigator)) return;
  const container = navigator.serviceWorker;
  const renew = async () => {
    const { active } = await container.ready;
    active?.postMessage(performance.getEntriesByType("resource").map(({ name }) => name));
  };
  // A page works as well without: a private window may refuse.
  container.register("/sw.js").then(renew, () => undefined);
  setInterval(() => void renew(), RENEW_MS);
}
