/** Resolves at the first signal that asks this process to stop; later ones change nothing. */
export function stopRequest(): Promise<"stop"> {
  return new Promise((ask) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => ask("stop"));
  });
}
