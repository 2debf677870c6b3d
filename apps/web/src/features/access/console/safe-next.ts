/** Where to go after signing in: only a place inside the console, never another site. */
export function safeNext(next: string | undefined, base: string = import.meta.env.BASE_URL): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return base;
  const path = next.startsWith(base) ? next : base.replace(/\/$/, "") + next;
  return path.startsWith(`${base}login`) ? base : path;
}
