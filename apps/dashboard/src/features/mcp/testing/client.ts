/** A tool's result, or the JSON-RPC answer it stands in. */
export interface RpcReply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: {
    readonly id?: unknown;
    readonly result?: ToolReply;
    readonly error?: { readonly code: number; readonly message: string };
  };
}

export interface ToolReply {
  readonly content: readonly { readonly type: string; readonly text: string }[];
  readonly structuredContent?: Record<string, unknown>;
  readonly isError?: boolean;
}

/** Calls the endpoint at `base`. */
export function createClient(base: string) {
  const post = async (body: string | Uint8Array<ArrayBuffer>, token?: string, headers: Record<string, string> = {}): Promise<RpcReply> => {
    const response = await fetch(`${base}/mcp`, {
      method: "POST",
      body,
      headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: (text === "" ? {} : JSON.parse(text)) as RpcReply["json"] };
  };
  const rpc = (token: string | undefined, method: string, params?: unknown): Promise<RpcReply> =>
    post(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }), token);
  return {
    post,
    rpc,
    /** Calls a tool and gives its result. */
    async tool(token: string, name: string, args: unknown): Promise<ToolReply> {
      const { json } = await rpc(token, "tools/call", { name, arguments: args });
      if (!json.result) throw new Error(`${name}: ${json.error?.message}`);
      return json.result;
    },
  };
}
