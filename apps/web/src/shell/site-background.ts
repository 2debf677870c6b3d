import { readSiteGlobals } from "./site-globals.ts";

const ID = "wf-background";
const PHONE = "(max-width: 640px)";

/** The owner's picture behind the page; `backgroundChange` on the window announces another one (spec 50 section 3.13). */
export function showBackground(document: Document, window: Window): void {
  const paint = () => {
    const { background, mobileBackground } = readSiteGlobals(window);
    const url = (window.matchMedia(PHONE).matches ? mobileBackground : undefined) ?? background;
    document.getElementById(ID)?.remove();
    document.documentElement.toggleAttribute("data-background", url !== undefined);
    if (url === undefined) return;
    const layer = document.createElement("div");
    layer.id = ID;
    layer.style.backgroundImage = `url(${JSON.stringify(url)})`;
    document.body.prepend(layer);
  };
  paint();
  window.addEventListener("backgroundChange", paint);
  window.matchMedia(PHONE).addEventListener("change", paint);
}
