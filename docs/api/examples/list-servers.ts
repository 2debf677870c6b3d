// Servers that the holder of a token may manage. Node 24 or newer runs this file as it is.
//   WINDFIRE_URL=https://monitor.example.com WINDFIRE_TOKEN=nzp_… node list-servers.ts

interface Server {
  readonly id: number;
  readonly name: string;
}

type Answer<T> = { readonly success: true; readonly data: T } | { readonly success: false; readonly error: string };

const url = process.env["WINDFIRE_URL"] ?? "http://127.0.0.1:8008";
const token = process.env["WINDFIRE_TOKEN"] ?? "";

const response = await fetch(`${url}/api/v1/server`, {
  headers: { authorization: `Bearer ${token}` },
  signal: AbortSignal.timeout(10_000),
});
const answer = (await response.json()) as Answer<Server[]>;
if (!answer.success) throw new Error(answer.error);
for (const { id, name } of answer.data) console.log(id, name);
