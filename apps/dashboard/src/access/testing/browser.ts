/** What came back. `json` is `undefined` when the body is none. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly data: unknown;
  /** "" on success. */
  readonly error: string;
  readonly setCookies: readonly string[];
}

/** A client that keeps cookies and, like the official pages, sends the CSRF value back in a header. */
export interface Browser {
  readonly cookies: Map<string, string>;
  readonly token: string;
  readonly get: (path: string, headers?: Record<string, string>) => Promise<Answer>;
  readonly post: (path: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
  readonly call: (method: string, path: string, init?: { body?: string | undefined; headers?: Record<string, string> }) => Promise<Answer>;
  signIn(username: string, password: string): Promise<Browser>;
}

export function createBrowser(base: string, headers: Record<string, string> = {}): Browser {
  const cookies = new Map<string, string>();
  let token = "";
  const call: Browser["call"] = async (method, path, init = {}) => {
    const pair = cookies.get("nz-csrf");
    const response = await fetch(`${base}/api/v1${path}`, {
      method,
      redirect: "manual",
      ...(init.body === undefined ? {} : { body: init.body }),
      headers: {
        "content-type": "application/json",
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        ...(pair !== undefined && { "x-csrf-token": pair }),
        ...headers,
        ...init.headers,
      },
    });
    const answer = await readAnswer(response);
    for (const line of answer.setCookies) keepCookie(cookies, line);
    return answer;
  };
  const browser: Browser = {
    cookies,
    get token() {
      return token;
    },
    call,
    get: async (path, more) => call("GET", path, more && { headers: more }),
    post: async (path, body, more) =>
      call("POST", path, { body: body === undefined ? undefined : JSON.stringify(body), ...(more && { headers: more }) }),
    async signIn(username, password) {
      const answer = await browser.post("/login", { username, password });
      const data = answer.data as { token?: string } | undefined;
      if (!data?.token) throw new Error(`cannot sign in as ${username}: ${answer.text}`);
      token = data.token;
      return browser;
    },
  };
  return browser;
}

async function readAnswer(response: Response): Promise<Answer> {
  const text = await response.text();
  const json = text.startsWith("{") ? (JSON.parse(text) as { data?: unknown; error?: string }) : {};
  return {
    status: response.status,
    headers: response.headers,
    text,
    data: json.data,
    error: json.error ?? "",
    setCookies: response.headers.getSetCookie(),
  };
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [pair = "", ...attributes] = line.split("; ");
  const equals = pair.indexOf("=");
  if (attributes.includes("Max-Age=0")) cookies.delete(pair.slice(0, equals));
  else cookies.set(pair.slice(0, equals), pair.slice(equals + 1));
}
