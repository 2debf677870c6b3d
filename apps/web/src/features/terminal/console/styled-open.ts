/**
 * Runs what makes `<style>` elements so that they carry the page's nonce: without it the page's policy would refuse them, and the terminal
 * library has no setting for it.
 */
export function withStyleNonce(document: Document, run: () => void): void {
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
  const create = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions): HTMLElement => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
  try {
    run();
  } finally {
    Reflect.deleteProperty(document, "createElement");
  }
}
