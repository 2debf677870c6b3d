import type { SystemFiles } from "../files.ts";
import type { HostRoots } from "../roots.ts";
import { parseRelease } from "./platform.ts";

/** A machine inside another one is a guest; only guests have "virtual" processors. */
export interface Virtualization {
  readonly system: string;
  readonly role: "guest" | "host" | "";
}

type Finding = Partial<Virtualization> | undefined;

const MODULES: readonly (readonly [string, Virtualization])[] = [
  ["kvm", { system: "kvm", role: "host" }],
  ["hv_util", { system: "hyperv", role: "guest" }],
  ["vboxdrv", { system: "vbox", role: "host" }],
  ["vboxguest", { system: "vbox", role: "guest" }],
  ["vmware", { system: "vmware", role: "guest" }],
];
const KVM_PROCESSORS = ["QEMU Virtual CPU", "Common KVM processor", "Common 32-bit KVM processor"];
const CONTAINER_GROUPS: readonly (readonly [string, string])[] = [
  ["lxc", "lxc"],
  ["docker", "docker"],
  ["machine-rkt", "rkt"],
];

/** The checks of spec 21 section 4.2 in order; what a later one finds replaces what an earlier one found. */
export function detectVirtualization(files: SystemFiles, roots: HostRoots): Virtualization {
  const text = (path: string): string => files.text(path) ?? "";
  const findings: readonly Finding[] = [
    xen(files, roots),
    moduleFinding(text(`${roots.proc}/modules`)),
    KVM_PROCESSORS.some((name) => text(`${roots.proc}/cpuinfo`).includes(name)) ? { system: "kvm", role: "guest" } : undefined,
    text(`${roots.proc}/bus/pci/devices`).includes("virtio-pci") ? { role: "guest" } : undefined,
    openVz(files, roots),
    /s_context:|VxID:/.test(text(`${roots.proc}/self/status`)) ? { system: "linux-vserver" } : undefined,
    text(`${roots.proc}/1/environ`).includes("container=lxc") ? { system: "lxc", role: "guest" } : undefined,
    containerGroup(text(`${roots.proc}/self/cgroup`), () => files.exists(`${roots.root}/usr/bin/lxc-version`)),
    parseRelease(text(`${roots.etc}/os-release`)).get("ID") === "coreos" ? { system: "rkt", role: "host" } : undefined,
    files.exists(`${roots.root}/.dockerenv`) ? { system: "docker", role: "guest" } : undefined,
  ];
  let system = "";
  let role: Virtualization["role"] = "";
  for (const finding of findings) {
    system = finding?.system ?? system;
    role = finding?.role ?? role;
  }
  return { system, role };
}

function xen(files: SystemFiles, { proc }: HostRoots): Finding {
  if (!files.exists(`${proc}/xen`)) return undefined;
  return { system: "xen", role: files.text(`${proc}/xen/capabilities`)?.includes("control_d") === true ? "host" : "guest" };
}

function moduleFinding(modules: string): Finding {
  return MODULES.find(([name]) => modules.includes(name))?.[1];
}

function openVz(files: SystemFiles, { proc }: HostRoots): Finding {
  if (files.exists(`${proc}/bc/0`)) return { system: "openvz", role: "host" };
  return files.exists(`${proc}/vz`) ? { system: "openvz", role: "guest" } : undefined;
}

function containerGroup(cgroup: string, hasLxcTools: () => boolean): Finding {
  const group = CONTAINER_GROUPS.find(([word]) => cgroup.includes(word));
  if (group !== undefined) return { system: group[1], role: "guest" };
  return hasLxcTools() ? { system: "lxc", role: "host" } : undefined;
}
