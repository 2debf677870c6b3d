/** Why a part of the program did not come: the dashboard is away, or another version of it is there now, which has no such file. */
export type Missing = "away" | "changed";

/** Messages of browsers about a file that did not come. */
const GONE = /dynamically imported module|importing a module script failed|module script|preload css/i;

export function isFileMissing(error: unknown): boolean {
  return error instanceof Error && GONE.test(error.message);
}

/** Asks the dashboard whether it is there. */
export async function whyMissing(ask: typeof fetch = fetch): Promise<Missing> {
  try {
    const { ok } = await ask("/api/v1/setting", { cache: "no-store" });
    return ok ? "changed" : "away";
  } catch {
    return "away";
  }
}

/** Asks again for style sheets that did not come: a browser does not by itself, and a part that is loaded again counts on them. */
export async function mendStyles(page: Document): Promise<void> {
  const broken = [...page.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')].filter(({ sheet }) => sheet === null);
  await Promise.all(
    broken.map((link) => {
      const again = link.cloneNode() as HTMLLinkElement;
      const come = new Promise<void>((resolve) => {
        again.addEventListener("load", () => resolve());
        again.addEventListener("error", () => resolve());
      });
      link.replaceWith(again);
      return come;
    }),
  );
}
