import type { Visit } from "./browser.ts";

/** Looks at pages as they are shown, and keeps what is wrong with them. */
export interface Looks {
  /** In both colour schemes: a picture, what axe finds, and whether the page is too wide. */
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
        findings.push(...(await visit.accessibilityProblems()).map((problem) => `${what} ${scheme}: ${problem}`));
        const wide = await visit.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        if (wide > 0) findings.push(`${what}: ${wide} pixels too wide`);
        await visit.picture(`${what}-${scheme}`);
      }
    },
  };
}
