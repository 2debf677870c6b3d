const MARK = "data-injected";
/** A script that does not answer holds nothing up longer than this. */
const LOAD_MS = 4000;

export interface CustomCodeDeps {
  readonly document: Document;
  readonly after: (ms: number, run: () => void) => () => void;
}

/**
 * Puts the site owner's code into the page (spec 50 section 3.13): top-level nodes in order, external scripts awaited, attributes kept.
 * A script that fails or hangs does not stop the rest. What an earlier call put in leaves first.
 */
export async function injectCustomCode(code: string, deps: CustomCodeDeps): Promise<void> {
  const { document } = deps;
  for (const old of document.querySelectorAll(`[${MARK}]`)) old.remove();
  const template = document.createElement("template");
  template.innerHTML = code;
  // A copy: nodes leave the list while it is walked.
  for (const node of Array.from(template.content.childNodes)) {
    if (node instanceof HTMLScriptElement) await runScript(node, deps);
    else place(node, document);
  }
}

function place(node: ChildNode, document: Document): void {
  if (!(node instanceof Element)) {
    if (node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== "") document.body.append(node);
    return;
  }
  node.setAttribute(MARK, "true");
  const parent = node instanceof HTMLStyleElement || node instanceof HTMLMetaElement ? document.head : document.body;
  parent.append(node);
}

/** A parsed script never runs: an equal one is made. Its nonce is the page's, because the owner's code is meant to run. */
async function runScript(parsed: HTMLScriptElement, { document, after }: CustomCodeDeps): Promise<void> {
  const script = document.createElement("script");
  for (const { name, value } of parsed.attributes) script.setAttribute(name, value);
  script.setAttribute(MARK, "true");
  script.nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce ?? "";
  if (parsed.src === "") {
    script.textContent = parsed.textContent;
    document.body.append(script);
    return;
  }
  script.async = false;
  await new Promise<void>((resolve) => {
    const cancel = after(LOAD_MS, resolve);
    const done = () => {
      cancel();
      resolve();
    };
    script.addEventListener("load", done);
    script.addEventListener("error", done);
    document.head.append(script);
  });
}
