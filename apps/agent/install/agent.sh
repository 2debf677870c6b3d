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
# WF_KEY            public key of the release (base64); without it, the one that came with this script
# WF_TAKE_OVER      true: the configuration of an official agent (/opt/nezha/agent/config.yml, or the file that is named here instead of
#                   true) becomes this one's, with its identity and rights; its service is taken away, its files stay
set -eu
umask 022

AGENT_SHA256='@agent.bundle@'
NODE_MAJOR='@node-major@'
RELEASE_KEY='@release-key@'
SUMS_SHA256='@SHA256SUMS@'
SIGNATURE_SHA256='@SHA256SUMS.sig@'

# The SHA-256 of a file that depends on the system; empty where the dashboard has none.
sum_of() {
  case $1 in
    node-linux-x64) say '@node-linux-x64@' ;;
    node-linux-arm64) say '@node-linux-arm64@' ;;
    node-darwin-x64) say '@node-darwin-x64@' ;;
    node-darwin-arm64) say '@node-darwin-arm64@' ;;
    terminal-linux-x64) say '@terminal-linux-x64@' ;;
    terminal-linux-arm64) say '@terminal-linux-arm64@' ;;
    terminal-darwin-x64) say '@terminal-darwin-x64@' ;;
    terminal-darwin-arm64) say '@terminal-darwin-arm64@' ;;
  esac
}

root=${WF_ROOT:-}
folder=$root/opt/windfire-agent
case $(uname -s) in
  Darwin) system=darwin settings=$root/usr/local/etc/windfire-agent ;;
  *) system=linux settings=$root/etc/windfire-agent ;;
esac
config=$settings/config.yml
official=/opt/nezha/agent
work=''
unfinished=''
stopped=''

say() { printf '%s\n' "$*"; }
die() {
  printf 'windfire-agent: %s\n' "$*" >&2
  exit 1
}
has() { command -v "$1" >/dev/null 2>&1; }

clean() {
  if [ -n "$work" ]; then rm -rf "$work"; fi
  if [ -n "$unfinished" ]; then rm -rf "$folder"; fi
  if [ -n "$stopped" ]; then official_service start || :; fi
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
  printf '%s  %s\n' "$3" "$1" >>"$work/taken"
}

# A Node that was only just fetched is no witness for itself, where somebody brought a key of their own.
# shellcheck disable=SC2016
is_signed() {
  if has openssl && openssl pkeyutl -help 2>&1 | grep -q -e -rawin; then
    printf '%s\n' '-----BEGIN PUBLIC KEY-----' "$key" '-----END PUBLIC KEY-----' >"$work/key.pem"
    openssl pkeyutl -verify -pubin -inkey "$work/key.pem" -rawin -in "$work/sums" -sigfile "$work/sums.sig" >/dev/null 2>&1
    return
  fi
  if [ -n "${WF_KEY:-}" ] && [ "$node" = "$work/node" ]; then die 'to check the signature, install openssl 3 first'; fi
  "$node" -e '
    const { readFileSync } = require("node:fs");
    const { createPublicKey, verify } = require("node:crypto");
    const [key, sums, signature] = process.argv.slice(1);
    const publicKey = createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
    if (publicKey.asymmetricKeyType !== "ed25519" || !verify(null, readFileSync(sums), publicKey, readFileSync(signature))) process.exit(1);
  ' "$key" "$work/sums" "$work/sums.sig" 2>/dev/null
}

# Holds all that was fetched against the list that the makers of the release signed. A build of one's own has none.
check_signature() {
  key=${WF_KEY:-$RELEASE_KEY}
  if [ -z "$key" ]; then return; fi
  if [ -z "$SUMS_SHA256" ] || [ -z "$SIGNATURE_SHA256" ]; then die 'this dashboard has no signed release'; fi
  mv "$work/taken" "$work/to-check"
  verified SHA256SUMS "$work/sums" "$SUMS_SHA256"
  verified SHA256SUMS.sig "$work/sums.sig" "$SIGNATURE_SHA256"
  is_signed || die 'the release is not signed by this key'
  while IFS= read -r entry; do
    if ! grep -qxF "$entry" "$work/sums"; then die "${entry#*  } is not in the signed release"; fi
  done <"$work/to-check"
  say 'the release is signed by its key'
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
  name=''
  case $(uname -m) in
    x86_64 | amd64) name=node-$system-x64 ;;
    aarch64 | arm64) name=node-$system-arm64 ;;
  esac
  hash=$(sum_of "$name")
  if is_musl; then die "install Node $NODE_MAJOR first (apk add nodejs): the dashboard has none for musl"; fi
  if [ -z "$hash" ]; then die "install Node $NODE_MAJOR first: the dashboard has none for $(uname -s) $(uname -m)"; fi
  say "Node $NODE_MAJOR is fetched from the dashboard (about 120 MB)"
  verified "$name" "$work/node" "$hash"
  chmod 755 "$work/node"
  node=$work/node
  "$node" -p 1 >/dev/null 2>&1 || die "the dashboard's Node does not run here: install Node $NODE_MAJOR first"
}

# What terminals need lies beside the agent before it lays itself out. A host that it does not fit goes without.
fetch_terminal() {
  name=terminal-$system-$("$node" -p process.arch)
  hash=$(sum_of "$name")
  if [ -z "$hash" ] || is_musl; then
    say 'the dashboard has no terminal for this system: the agent goes without'
    return
  fi
  verified "$name" "$work/terminal.bundle" "$hash"
  unbundle "$work/terminal.bundle" "$work/agent"
}

install() {
  case $(uname -s) in
    Linux | Darwin) ;;
    *) die 'this script is for Linux and macOS' ;;
  esac
  if [ -z "$root" ] && [ "$(id -u)" != 0 ]; then die 'run this as root'; fi
  if [ -z "${NZ_SERVER:-}" ]; then die 'NZ_SERVER is missing: host:port of the dashboard'; fi
  if [ -z "${WF_CODE:-}" ] && [ -z "${NZ_CLIENT_SECRET:-}" ] && [ -z "${WF_TAKE_OVER:-}" ]; then die 'WF_CODE or NZ_CLIENT_SECRET is missing'; fi
  find_official
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
  check_signature
  unfinished=1
  mkdir -p "$root/opt"
  "$node" "$work/agent/agent.cjs" unpack "$folder" >/dev/null
  if [ "$node" = "$work/node" ]; then
    mv "$work/node" "$folder/node"
    node=$folder/node
  fi
  configure
  if [ -n "$theirs" ] && [ -z "$root" ]; then
    official_service stop || say 'the official agent did not run'
    stopped=1
  fi
  start
}

# Sets theirs: the configuration of the official agent that is to be taken over.
find_official() {
  case ${WF_TAKE_OVER:-false} in
    false | '') theirs='' ;;
    true) theirs=$root$official/config.yml ;;
    *) theirs=$WF_TAKE_OVER ;;
  esac
  if [ -z "$theirs" ]; then return; fi
  if [ ! -f "$theirs" ]; then die "there is no official agent to take over: $theirs is missing"; fi
  if [ -e "$config" ]; then die "$config is there already: two identities are not made one"; fi
}

official_service() { # action
  "$official/nezha-agent" service -c "$theirs" "$1" >/dev/null 2>&1
}

# What is not taken over by the end is not left behind.
forget_configuration() {
  if [ -n "$theirs" ]; then rm -rf "$settings"; fi
}

configure() {
  if [ -n "$theirs" ]; then
    mkdir -p "$settings"
    (umask 077 && cp "$theirs" "$config")
    chmod 600 "$config"
  fi
  if [ -n "${WF_CODE:-}" ]; then
    WF_CODE=$WF_CODE "$node" "$folder/agent.cjs" enrol -c "$config" "$base" >"$work/enrolled" || {
      forget_configuration
      die 'this host was not enrolled; nothing is left of the attempt'
    }
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
  if [ -n "$root" ] && { [ -n "${WF_CODE:-}" ] || [ -n "$theirs" ]; }; then
    unfinished=''
    say "installed in $folder; start it with: $(line -c "$config")"
  elif [ -n "$root" ]; then
    unfinished=''
    say "installed in $folder; start it with the same variables: $(line -c "$config")"
  elif "$node" "$folder/agent.cjs" service install; then
    unfinished=''
    stopped=''
    if [ -n "$theirs" ]; then
      official_service uninstall || :
      say "the official agent is taken over; its files are still in $official"
    fi
    "$node" "$folder/agent.cjs" permits
    say "what the dashboard may do here is changed by: $(line permit '<right>') and $(line deny '<right>')"
  elif [ -n "$theirs" ]; then
    forget_configuration
    die 'no service could be made; the official agent goes on'
  else
    unfinished=''
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
  rm -rf "$root/etc/systemd/system/windfire-agent.service.d"
  # Made for it, where everything lies under a folder of its own.
  if [ -n "$root" ]; then rmdir "$root/opt" "$root/etc" "$root/usr/local/etc" 2>/dev/null || :; fi
  say 'the agent is gone'
}

case ${1:-install} in
  install) install ;;
  uninstall) uninstall ;;
  *) die 'install or uninstall' ;;
esac
