/** A status page that asked its reader to sign in; it is not of the console. `undefined`: it was something else. */
export function statusPageIn(next: string | undefined): string | undefined {
  return next !== undefined && /^\/status\/[a-z0-9-]{1,64}$/.test(next) ? next : undefined;
}

/** Where to go after signing in: only a place inside the console, never another site. */
export function safeNext(next: string | undefined, base: string = import.meta.env.BASE_URL): string {
  if (next === undefined || !/^\/(?![/\\])/.test(next)) return base;
  const path = next.startsWith(base) ? next : base.replace(/\/$/, "") + next;
  return path.startsWith(`${base}login`) ? base : path;
}
