import type { FakeIoStream } from "@windfire/testkit";
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { SIZE_NAMES } from "../browser.ts";
import { openCuttableWay } from "../cuttable.ts";
import { setScene } from "../scene.ts";

const TERMINAL = 8;
const FILES = 11;
const scene = setScene({ agents: 1 });
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** The agent's end of the next session of a kind. */
async function nextSession(type: number): Promise<FakeIoStream> {
  const [agent] = scene.stage().agents;
  const task = await agent?.nextTask(type);
  const { StreamID } = JSON.parse(String(task?.data)) as { StreamID: string };
  if (agent === undefined) throw new Error("there is no agent");
  return agent.openIoStream(StreamID);
}

/** What the host is told next as typed. A new size of the screen may come in between. */
async function nextTyped(shell: FakeIoStream): Promise<string> {
  for (;;) {
    const frame = await shell.next();
    if (frame[0] === 0) return text(frame.subarray(1));
  }
}

test.for(SIZE_NAMES)("a terminal shows what the host prints and sends what is typed (%s)", async (size) => {
  await scene.visit({ size }, async ({ page, open, signIn, accessibilityProblems, picture }) => {
    await signIn();
    await open("/dashboard/terminal/1");
    const shell = await nextSession(TERMINAL);
    const first = await shell.next();
    expect(first[0]).toBe(1);
    expect(Object.keys(JSON.parse(text(first.subarray(1))) as object)).toEqual(["Rows", "Cols"]);
    shell.write("root@host:~# ");
    await page.locator(".xterm-rows").getByText("root@host:~#").waitFor();
    await page.keyboard.type("ls");
    let typed = "";
    while (typed !== "ls") typed += await nextTyped(shell);
    expect(await accessibilityProblems()).toEqual([]);
    await picture(`terminal-${size}`);

    await page.getByRole("link", { name: "Files" }).click();
    await page.getByRole("dialog", { name: "Close the terminals?" }).getByRole("button", { name: "Stay" }).click();
    shell.end();
    await page.getByText("The session has ended.").waitFor();
    await page.getByRole("button", { name: "Reconnect" }).click();
    const again = await nextSession(TERMINAL);
    again.write("second");
    await page.locator(".xterm-rows").getByText("second").waitFor();
  });
});

test("a terminal whose connection is cut finds its shell again, and what that said meanwhile", async () => {
  const way = await openCuttableWay(scene.stage().base);
  // The live figures of the page are cut too.
  await scene.visit({ expected: [/WebSocket|ERR_/] }, async ({ page, open, signIn }) => {
    await signIn();
    await open(`${way.base}/dashboard/terminal/1`);
    const shell = await nextSession(TERMINAL);
    await shell.next();
    shell.write("before ");
    await page.locator(".xterm-rows").getByText("before").waitFor();
    way.cut();
    await page.getByText("The connection is lost. Trying again.").waitFor();
    shell.write("meanwhile");
    await page.locator(".xterm-rows").getByText("before meanwhile").waitFor();
    await page.locator(".xterm-helper-textarea").focus();
    await page.keyboard.type("w");
    expect(await nextTyped(shell)).toBe("w");
  });
  await way.close();
});

test("a tab is split, and what is typed goes to one shell or to all of it", async () => {
  await scene.visit({}, async ({ page, open, signIn, accessibilityProblems, picture }) => {
    await signIn();
    await open("/dashboard/terminal/1");
    const one = await nextSession(TERMINAL);
    await one.next();
    await page.getByRole("button", { name: "Split beside" }).click();
    const two = await nextSession(TERMINAL);
    await two.next();
    two.write("second");
    await page.locator(".xterm-rows").getByText("second").waitFor();
    await page.locator(".xterm-helper-textarea").nth(1).focus();
    await page.keyboard.type("a");
    expect(await nextTyped(two)).toBe("a");
    await page.getByRole("button", { name: "Type in all panes" }).click();
    await page.getByText("What you type goes to 2 shells.").waitFor();
    await page.locator(".xterm-helper-textarea").nth(1).focus();
    await page.keyboard.type("b");
    expect([await nextTyped(one), await nextTyped(two)]).toEqual(["b", "b"]);
    expect(await accessibilityProblems()).toEqual([]);
    await picture("terminal-split");
    await page
      .getByRole("button", { name: /^Close this pane/ })
      .nth(1)
      .click();
    await expect(nextTyped(two)).rejects.toThrow("ended");
    expect(await page.locator(".xterm-rows").count()).toBe(1);
  });
});

test("several lines are shown before they are pasted", async () => {
  await scene.visit({}, async ({ page, open, signIn }) => {
    await signIn();
    await open("/dashboard/terminal/1");
    const shell = await nextSession(TERMINAL);
    await shell.next();
    shell.write("ready");
    await page.locator(".xterm-rows").getByText("ready").waitFor();
    await page.locator(".xterm-helper-textarea").evaluate((field) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "one\ntwo\n");
      field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    });
    const question = page.getByRole("dialog", { name: /^Paste/ });
    await question.getByText("one").waitFor();
    await question.getByRole("button", { name: "Paste" }).click();
    expect(await nextTyped(shell)).toBe("one\rtwo\r");
  });
});

const listing = (path: string, ...names: string[]): Buffer => {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(Buffer.byteLength(path));
  const entries = names.map((name) =>
    Buffer.concat([
      Buffer.from([name.endsWith("/") ? 1 : 0, Buffer.byteLength(name.replace("/", ""))]),
      Buffer.from(name.replace("/", "")),
    ]),
  );
  return Buffer.concat([Buffer.from("NZFN"), length, Buffer.from(path), ...entries]);
};
const data = (size: number): Buffer => {
  const header = Buffer.alloc(12);
  header.write("NZTD");
  header.writeBigUInt64BE(BigInt(size), 4);
  return header;
};

test.for(SIZE_NAMES)("files are listed, taken and brought; a missing folder is said (%s)", async (size) => {
  await scene.visit({ size }, async ({ page, open, signIn, accessibilityProblems, picture }) => {
    await signIn();
    await open("/dashboard/files/1");
    const files = await nextSession(FILES);
    expect(text(await files.next())).toBe("\0");
    files.write(listing("/root/", "logs/", "notes.txt", "empty"));
    await page.getByRole("button", { name: "Open logs" }).waitFor();
    expect(await accessibilityProblems()).toEqual([]);
    await picture(`files-${size}`);

    const saved = page.waitForEvent("download");
    await page.getByRole("button", { name: "Download notes.txt" }).first().click();
    const taken = await nextSession(FILES);
    expect(text(await taken.next())).toBe("\u0001/root/notes.txt");
    taken.write(data(3));
    taken.write("abc");
    const download = await saved;
    expect([download.suggestedFilename(), await readFile(await download.path(), "utf8")]).toEqual(["notes.txt", "abc"]);
    await page.getByText("Handed to the browser, which saves it").waitFor();

    await page.getByRole("button", { name: "Download empty" }).first().click();
    const refused = await nextSession(FILES);
    await refused.next();
    refused.write("NERRpermission denied by the host");
    await page.getByText("Failed: permission denied by the host").waitFor();

    await page.getByLabel("Upload").setInputFiles({ name: "new.txt", mimeType: "text/plain", buffer: Buffer.from("hello") });
    const request = await files.next();
    expect(request[0]).toBe(2);
    expect(text(request.subarray(9))).toBe("/root/new.txt");
    expect(text(await files.next())).toBe("hello");
    files.write("NZUP");
    expect(text(await files.next())).toBe("\0");
    files.write(listing("/root/", "logs/", "notes.txt", "new.txt"));
    await page.getByRole("button", { name: "Download new.txt" }).first().waitFor();

    await page.getByLabel("Upload").setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("x") });
    await page.getByRole("dialog", { name: "Replace what is there?" }).getByRole("button", { name: "Cancel" }).click();

    await page.getByRole("button", { name: "Open logs" }).click();
    expect(text(await files.next())).toBe("\0/root/logs/");
    files.write(listing("/root/", "logs/"));
    await page.getByText("There is no folder /root/logs/").waitFor();
    expect(new URL(page.url()).searchParams.get("path")).toBe("/root/logs/");
  });
});
