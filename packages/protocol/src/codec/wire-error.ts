/** Why bytes are no message: broken protobuf, or a string field that is not UTF-8. */
export type WireFault = "malformed" | "utf8";

const TEXTS: Record<WireFault, string> = {
  malformed: "proto: cannot parse invalid wire-format data",
  utf8: "string field contains invalid UTF-8",
};

/** Thrown by every decoder. `message` is the text gRPC peers are used to (spec 20 section 1). */
export class WireError extends Error {
  readonly fault: WireFault;

  constructor(fault: WireFault) {
    super(TEXTS[fault]);
    this.name = "WireError";
    this.fault = fault;
  }
}
