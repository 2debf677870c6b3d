const CONNECTION_HEADERS = new Set([
  "connection",
  "content-length",
  "expect",
  "host",
  "keep-alive",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);
const USER_AGENT = "Windfire";

/** Headers of a request: what it asks for, but nothing that belongs to the connection; name and password of the URL. */
export function headersOf(wanted: Readonly<Record<string, string>>, url: URL): Record<string, string> {
  const headers: Record<string, string> = { "user-agent": USER_AGENT };
  if (url.username !== "" || url.password !== "") {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    headers["authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
  }
  for (const [name, value] of Object.entries(wanted)) {
    if (!CONNECTION_HEADERS.has(name.toLowerCase())) headers[name.toLowerCase()] = asHeaderValue(value);
  }
  return headers;
}

/** Header values are bytes: UTF-8 of a text, each byte as one character, which is what the client writes. */
function asHeaderValue(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}
