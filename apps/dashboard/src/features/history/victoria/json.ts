/** What an answer says. @throws when it is no JSON at all, as of a proxy that has a page of its own */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error("what answers in the place of VictoriaMetrics does not speak as it does", { cause: error });
  }
}
