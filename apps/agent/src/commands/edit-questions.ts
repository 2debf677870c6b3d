import { isIP } from "node:net";
import type { AgentConfig } from "../config/index.ts";
import { uuidFault } from "../config/rules.ts";

export interface Questions {
  /** The answer to a question, without its line end. */
  readonly ask: (question: string) => Promise<string>;
  readonly tell: (text: string) => void;
  readonly interfaces: readonly string[];
  /** Mount points. */
  readonly partitions: readonly string[];
  readonly newUuid: () => string;
}

/** An answer made into a value, or a text that says what is wrong with it. */
type Read<T> = (answer: string) => { readonly value: T } | string;

/** Asks for what people change most; an empty answer keeps what stands there. */
export async function askConfig(config: AgentConfig, questions: Questions): Promise<AgentConfig> {
  const { interfaces, partitions } = questions;
  const counted = Object.keys(config.nic_allowlist).filter((name) => config.nic_allowlist[name] === true);
  const nics = await choose(questions, "Network interfaces to count", interfaces, counted);
  const disks = await choose(questions, "Partitions to count", partitions, config.hard_drive_partition_allowlist);
  const dns = await repeat(questions, `DNS servers, ip:port with commas, "-" for none [${config.dns.join(",")}]: `, readDns(config.dns));
  const uuid = await repeat(questions, `UUID, "new" for a new one [${config.uuid}]: `, readUuid(config.uuid, questions.newUuid));
  const yesNo = (name: string, now: boolean): Promise<boolean> => repeat(questions, `${name}? y/n [${now ? "y" : "n"}]: `, readYes(now));
  return {
    ...config,
    nic_allowlist: nics === counted ? config.nic_allowlist : Object.fromEntries(nics.map((name) => [name, true])),
    hard_drive_partition_allowlist: disks,
    dns,
    uuid,
    gpu: await yesNo("Watch graphics adapters", config.gpu),
    temperature: await yesNo("Watch temperatures", config.temperature),
    debug: await yesNo("Write a detailed log", config.debug),
  };
}

async function repeat<T>({ ask, tell }: Questions, question: string, read: Read<T>): Promise<T> {
  for (;;) {
    const found = read((await ask(question)).trim());
    if (typeof found !== "string") return found.value;
    tell(found);
  }
}

async function choose(
  questions: Questions,
  title: string,
  names: readonly string[],
  chosen: readonly string[],
): Promise<readonly string[]> {
  names.forEach((name, index) => questions.tell(`  ${index + 1}) ${name}${chosen.includes(name) ? " *" : ""}`));
  return repeat(questions, `${title}, numbers with commas, "-" for all that are usual [${chosen.join(",")}]: `, (answer) => {
    if (answer === "") return { value: chosen };
    if (answer === "-") return { value: [] };
    const picked = answer.split(",").map((word) => names[Number(word.trim()) - 1]);
    return picked.every((name) => name !== undefined) ? { value: [...new Set(picked)] } : `numbers from 1 to ${names.length}, please`;
  });
}

function readDns(now: readonly string[]): Read<readonly string[]> {
  return (answer) => {
    if (answer === "") return { value: now };
    if (answer === "-") return { value: [] };
    const servers = answer.split(",").map((server) => server.trim());
    const wrong = servers.find((server) => !isServer(server));
    return wrong === undefined ? { value: servers } : `"${wrong}" is no ip:port`;
  };
}

function isServer(text: string): boolean {
  const [, bracketed, plain = "", port] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  return isIP(bracketed ?? plain) === (bracketed === undefined ? 4 : 6) && Number(port) > 0 && Number(port) < 65_536;
}

function readUuid(now: string, newUuid: () => string): Read<string> {
  return (answer) => {
    if (answer === "") return { value: now };
    const uuid = answer === "new" ? newUuid() : answer;
    return uuidFault(uuid) ?? { value: uuid };
  };
}

function readYes(now: boolean): Read<boolean> {
  return (answer) => {
    if (answer === "") return { value: now };
    if (/^(?:y|yes|n|no)$/i.test(answer)) return { value: /^y/i.test(answer) };
    return "y or n, please";
  };
}
