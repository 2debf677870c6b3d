export { createHttp2Client } from "./client.ts";
export type { Http2Client, Http2ClientOptions } from "./client.ts";
export type { HeaderField } from "./hpack.ts";
export type { Http2Request, RequestEvents } from "./requests.ts";
