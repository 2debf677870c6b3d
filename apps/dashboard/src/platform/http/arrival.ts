import type { FastifyReply, FastifyRequest, onRequestHookHandler } from "fastify";

/** What became of a request before its route: "answered" is the end of it. */
export type Arrival = "answered" | "goes on";

/**
 * A hook that may answer in place of the route. The framework lets a request whose hook *returns* the answer go on as soon as the
 * client is gone, so that routes would run for clients that were refused; this one does not.
 */
export function onArrival(hook: (request: FastifyRequest, reply: FastifyReply) => Promise<Arrival>): onRequestHookHandler {
  return (request, reply, done) => {
    hook(request, reply).then((arrival) => void (arrival === "goes on" && done()), done);
  };
}
