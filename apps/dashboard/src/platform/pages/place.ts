import type { Piece } from "#platform/compression";

/** Where the dashboard believes a page stands. */
export interface Place {
  /** The path that it was asked for. */
  readonly path: string;
  /** Whether that is a page of the front end. */
  readonly known: boolean;
  /** What to tell whoever stands elsewhere. */
  readonly text: string;
}

/**
 * Runs before the program of the page. Below a path of another site that program is not found; then the path in the browser is longer
 * than the one that was asked for (the proxy cuts the rest off), or the dashboard knows no such page (it does not).
 */
const SCRIPT = `(() => {
  const { path, known, text } = document.currentScript.dataset;
  const at = location.pathname;
  if (known && (at === path || !at.endsWith(path))) return;
  addEventListener("error", ({ target }) => {
    if (target?.type !== "module") return;
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    note.style.cssText = "max-width:40rem;margin:20vh auto;padding:0 1rem;font:1rem/1.6 system-ui";
    note.textContent = text;
    const show = () => document.body.replaceChildren(note);
    if (document.body) show();
    else addEventListener("DOMContentLoaded", show);
  }, true);
})();`;

export function placePieces({ path, known, text }: Place, nonce: string): Piece[] {
  const place = `data-path="${escapeAttribute(path)}"${known ? ' data-known="yes"' : ""}`;
  return [
    { text: '<script nonce="' },
    { text: `${nonce}" ${place}`, fresh: true },
    { text: ` data-text="${escapeAttribute(text)}">${SCRIPT}</script>` },
  ];
}

function escapeAttribute(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
