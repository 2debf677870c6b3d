/**
 * One thing that the first start will do or meet. `stop`: it will not start; `lost`: something is not kept or not used; `note`: good to
 * know.
 */
export interface Finding {
  readonly weight: "stop" | "lost" | "note";
  readonly text: string;
}

export const stop = (text: string): Finding => ({ weight: "stop", text });
export const lost = (text: string): Finding => ({ weight: "lost", text });
export const note = (text: string): Finding => ({ weight: "note", text });
