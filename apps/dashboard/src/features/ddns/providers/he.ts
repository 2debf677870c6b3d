import { retryAfterHeader } from "#platform/outbound";
import { ProviderFailure } from "./provider.ts";
import type { Provider } from "./provider.ts";

const API = "https://dyn.dns.he.net/nic/update";
/** One word of an answer: what follows it is an address. */
const WORD = /^[a-z0-9]{1,20}/i;

/** https://dns.he.net/docs.html: each record has a key of its own. */
export const he: Provider = {
  pauseMs: 8_000,
  async set({ profile, record, send, now }, address) {
    const fields = { hostname: record.domain, password: profile.accessSecret, myip: address };
    const answer = await send({
      method: "POST",
      url: API,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams(fields).toString(),
      wantsBody: true,
    });
    const [word = ""] = WORD.exec(answer.body.trim()) ?? [];
    if (answer.status < 400 && (word === "good" || word === "nochg")) return;
    throw new ProviderFailure(word === "" ? `${answer.status} ${answer.reason}`.trim() : word, {
      afterMs: retryAfterHeader(answer.retryAfter, now()),
    });
  },
};
