import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";

/** The module that the web workspace builds of the site's own components. */
interface WebModule {
  renderFirstScreen(data: unknown): Promise<string>;
}

/** What the thread answers, in the order of the questions, each of which is a page's data as JSON. */
export type Drawn = { readonly html: string } | { readonly error: string };

const { renderFirstScreen } = (await import(pathToFileURL(String(workerData)).href)) as WebModule;

async function draw(data: string): Promise<Drawn> {
  try {
    return { html: await renderFirstScreen(JSON.parse(data)) };
  } catch (error) {
    return { error: String(error) };
  }
}

let before: Promise<unknown> = Promise.resolve();
parentPort?.on("message", (data: string) => {
  before = before.then(async () => parentPort?.postMessage(await draw(data)));
});
