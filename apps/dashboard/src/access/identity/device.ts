/** The first that fits counts: programs name their ancestors too. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/\bEdgA?\//, "Edge"],
  [/\bOPR\//, "Opera"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/\b(?:iPhone|iPad|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
  [/\bFreeBSD\b/, "FreeBSD"],
];

const LONGEST_PRODUCT = 32;
const PRODUCT = /^[A-Za-z][\w.-]*/;

/** What a `User-Agent` says in plain words: "Firefox, Linux"; the name of a program that is no browser; "" when it says nothing. */
export function deviceOf(userAgent: string): string {
  const program = nameIn(PROGRAMS, userAgent) ?? PRODUCT.exec(userAgent)?.[0].slice(0, LONGEST_PRODUCT);
  const system = nameIn(SYSTEMS, userAgent);
  return [program, system].filter((name) => name !== undefined).join(", ");
}

function nameIn(table: typeof PROGRAMS, text: string): string | undefined {
  return table.find(([pattern]) => pattern.test(text))?.[1];
}
