/** Scheme, host and port: where the secrets of a request go. A text that is no URL stands for itself. */
export function originOf(url: string): string {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return url;
  }
}
