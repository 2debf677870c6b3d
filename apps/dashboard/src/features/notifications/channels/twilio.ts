import { z } from "zod";
import { line, secret } from "./fields.ts";
import { channelKind } from "./kind.ts";
import { basic, postForm, wholeText } from "./requests.ts";

/** Messages resource: https://www.twilio.com/docs/messaging/api/message-resource */
export const twilio = channelKind({
  kind: "twilio",
  name: "Twilio SMS",
  settings: z.object({
    account: line({ title: "Account SID", pattern: [/^AC[0-9a-zA-Z]+$/, "must begin with AC"] }),
    token: secret({ title: "Auth token" }),
    from: line({ title: "From", description: "A number of yours, or the SID of a messaging service", examples: ["+15005550006"] }),
    to: line({ title: "To", examples: ["+15558675310"] }),
  }),
  limit: { text: 1600 },
  joins: true,
  plain: true,
  via: {
    request: ({ account, token, from, to }, message) =>
      postForm(
        `https://api.twilio.com/2010-04-01/Accounts/${account}/Messages.json`,
        { To: to, [from.startsWith("MG") ? "MessagingServiceSid" : "From"]: from, Body: wholeText(message) },
        basic(account, token),
      ),
    answer: { reason: ["message"] },
  },
});
