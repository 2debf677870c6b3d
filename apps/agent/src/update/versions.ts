const VERSION = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})$/;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** Whether `one` comes after `other`; both are `major.minor.patch`. */
export function isNewer(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => (VERSION.exec(text) ?? []).slice(1).map(Number));
  if (a === undefined || b === undefined || a.length !== b.length) return false;
  const index = a.findIndex((part, position) => part !== b[position]);
  return index >= 0 && (a[index] ?? 0) > (b[index] ?? 0);
}
