/** Where browsers find what the public site is called when it is installed like a program. */
export const MANIFEST_PATH = "/manifest.webmanifest";

const ICONS = [
  { src: "/icon-192.png", sizes: "192x192", type: "image/png" },
  { src: "/icon-512.png", sizes: "512x512", type: "image/png" },
  { src: "/icon-maskable-512.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
];
/** The canvas of the light theme; a page that is open names its own colour. */
const CANVAS = "#f4f6f7";

/** Web application manifest (W3C) of the public site. */
export function manifestText(siteName: string): string {
  return JSON.stringify({
    name: siteName,
    short_name: siteName,
    id: "/",
    start_url: "/",
    scope: "/",
    display: "standalone",
    background_color: CANVAS,
    theme_color: CANVAS,
    icons: ICONS,
  });
}
