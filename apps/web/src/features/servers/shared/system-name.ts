import type { Host } from "@windfire/api";

/** How platforms call themselves, where capital letters alone are not enough. */
const NAMES: Readonly<Record<string, string>> = {
  almalinux: "AlmaLinux",
  archlinux: "Arch Linux",
  arch: "Arch Linux",
  centos: "CentOS",
  darwin: "macOS",
  freebsd: "FreeBSD",
  immortalwrt: "ImmortalWrt",
  linuxmint: "Linux Mint",
  nixos: "NixOS",
  openbsd: "OpenBSD",
  opensuse: "openSUSE",
  openwrt: "OpenWrt",
  redhat: "Red Hat",
  rhel: "Red Hat",
};

/** `Debian 13`; "" before the first report. */
export function systemName({ platform, platform_version: version }: Host): string {
  if (platform === undefined || platform === "") return "";
  const name = NAMES[platform.toLowerCase()] ?? platform.charAt(0).toUpperCase() + platform.slice(1);
  return version === undefined || version === "" || /windows/i.test(platform) ? name : `${name} ${version}`;
}
