import type { Visit } from "./browser.ts";

/** Looks at pages as they are shown, and keeps what is wrong with them. */
export interface Looks {
  /** In both colour schemes: a picture, what axe finds (all of it once, and again what colours can break), and whether the page is too wide. */
  at(visit: Visit, what: string): Promise<void>;
  readonly findings: readonly string[];
}

export function createLooks(): Looks {
  const findings: string[] = [];
  return {
    findings,
    async at(visit, what) {
      for (const scheme of ["light", "dark"] as const) {
        await visit.page.emulateMedia({ colorScheme: scheme });
        findings.push(
          ...(await visit.accessibilityProblems(scheme === "light" ? undefined : "colours")).map(
            (problem) => `${what} ${scheme}: ${problem}`,
          ),
        );
        const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) findings.push(`${what}: ${wide} pixels too wide`);
        await visit.picture(`${what}-${scheme}`);
      }
    },
  };
}
