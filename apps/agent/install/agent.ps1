# Installs the Windfire agent from its dashboard, or takes it away again. Everything comes from the dashboard itself.
# In a PowerShell (5.1 or newer) of an administrator:
#
#   $env:NZ_SERVER = "dash.example.com:443"; $env:NZ_TLS = "true"; $env:WF_CODE = "<code>"
#   irm https://dash.example.com/install/agent.ps1 -OutFile agent.ps1; powershell -ExecutionPolicy Bypass -File agent.ps1
#   powershell -ExecutionPolicy Bypass -File agent.ps1 uninstall
#
# The variables mean what they mean to agent.sh: NZ_SERVER, NZ_TLS, WF_CODE or NZ_CLIENT_SECRET, NZ_UUID, NZ_INSECURE_TLS, WF_KEY.
# WF_TAKE_OVER      true: the configuration of an official agent (C:\nezha\config.yml, or the file that is named here) becomes this one's
param([ValidateSet('install', 'uninstall')][string]$Action = 'install')
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Net.ServicePointManager]::SecurityProtocol = [Net.ServicePointManager]::SecurityProtocol -bor [Net.SecurityProtocolType]::Tls12

$AgentHash = '@agent.bundle@'
$NodeHash = '@node-win32-x64@'
$TerminalHash = '@terminal-win32-x64@'
$NodeMajor = [int]'@node-major@'
$ReleaseKey = '@release-key@'
$SumsHash = '@SHA256SUMS@'
$SignatureHash = '@SHA256SUMS.sig@'

$Folder = Join-Path $env:ProgramFiles 'windfire-agent'
$Settings = Join-Path $env:ProgramData 'windfire-agent'
$Config = Join-Path $Settings 'config.yml'
$Official = 'C:\nezha'
$Taken = New-Object System.Collections.Generic.List[string]

# Files of a bundle go into a folder; names that lead elsewhere are refused.
$Unbundle = @'
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const { dirname, join } = require("node:path");
const [bundle, folder] = process.argv.slice(2);
const text = require("node:zlib").gunzipSync(readFileSync(bundle), { maxOutputLength: 64 * 1024 * 1024 });
const part = "[A-Za-z0-9@][\\w.-]{0,99}";
const wanted = new RegExp(`^(?:${part}/){0,5}${part}\\.(?:cjs|js|json|node|exe|dll)$`);
for (const [name, content] of Object.entries(JSON.parse(text.toString()))) {
  if (!wanted.test(name)) throw new Error("the bundle holds a file with a wrong name");
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), Buffer.from(content, "base64"));
}
'@

$CheckSignature = @'
const { readFileSync } = require("node:fs");
const { createPublicKey, verify } = require("node:crypto");
const [key, sums, signature] = process.argv.slice(2);
const publicKey = createPublicKey({ key: Buffer.from(key, "base64"), format: "der", type: "spki" });
if (publicKey.asymmetricKeyType !== "ed25519" || !verify(null, readFileSync(sums), publicKey, readFileSync(signature))) process.exit(1);
'@

function Stop-With([string]$Text) { throw "windfire-agent: $Text" }

function Test-Administrator {
  $identity = [Security.Principal.WindowsIdentity]::GetCurrent()
  (New-Object Security.Principal.WindowsPrincipal $identity).IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)
}

function Get-Verified([string]$Name, [string]$File, [string]$Hash) {
  if (-not $Hash) { Stop-With "the dashboard does not have $Name" }
  Invoke-WebRequest -UseBasicParsing -Uri "$script:Base/install/$Name" -OutFile $File
  if ((Get-FileHash -Algorithm SHA256 -LiteralPath $File).Hash.ToLowerInvariant() -ne $Hash) {
    Stop-With "$Name is not what this script belongs to: fetch the script anew, and try again"
  }
  $script:Taken.Add("$Hash  $Name")
}

# Programs that write to stderr are judged by how they end.
function Invoke-Program([string]$Program, [string[]]$Words) {
  $ErrorActionPreference = 'Continue'
  & $Program @Words 2>&1 | ForEach-Object { "$_" }
  if ($LASTEXITCODE -ne 0) { throw "$Program ended with $LASTEXITCODE" }
}

function Find-Node([string]$Work) {
  $present = Get-Command node -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
  if ($present) {
    $major = & $present.Source -p 'process.versions.node.split(String.fromCharCode(46))[0]'
    if ([int]$major -ge $NodeMajor) { return $present.Source }
  }
  if ($env:PROCESSOR_ARCHITECTURE -ne 'AMD64') { Stop-With "install Node $NodeMajor first: the dashboard has none for $env:PROCESSOR_ARCHITECTURE" }
  if (-not $NodeHash) { Stop-With "install Node $NodeMajor first: the dashboard has none for Windows" }
  Write-Host "Node $NodeMajor is fetched from the dashboard (about 100 MB)"
  $node = Join-Path $Work 'node.exe'
  Get-Verified 'node-win32-x64' $node $NodeHash
  $node
}

function Assert-Signed([string]$Node, [string]$Work) {
  $key = if ($env:WF_KEY) { $env:WF_KEY } else { $ReleaseKey }
  if (-not $key) { return }
  $toCheck = $script:Taken.ToArray()
  $sums = Join-Path $Work 'SHA256SUMS'
  $signature = Join-Path $Work 'SHA256SUMS.sig'
  Get-Verified 'SHA256SUMS' $sums $SumsHash
  Get-Verified 'SHA256SUMS.sig' $signature $SignatureHash
  $program = Join-Path $Work 'check.cjs'
  [IO.File]::WriteAllText($program, $CheckSignature)
  try { Invoke-Program $Node @($program, $key, $sums, $signature) | Out-Null } catch { Stop-With 'the release is not signed by this key' }
  $listed = Get-Content -LiteralPath $sums
  foreach ($entry in $toCheck) { if ($listed -cnotcontains $entry) { Stop-With "$entry is not in the signed release" } }
  Write-Host 'the release is signed by its key'
}

function Find-Official {
  if (-not $env:WF_TAKE_OVER -or $env:WF_TAKE_OVER -eq 'false') { return }
  $theirs = if ($env:WF_TAKE_OVER -eq 'true') { Join-Path $Official 'config.yml' } else { $env:WF_TAKE_OVER }
  if (-not (Test-Path -LiteralPath $theirs)) { Stop-With "there is no official agent to take over: $theirs is missing" }
  if (Test-Path -LiteralPath $Config) { Stop-With "$Config is there already: two identities are not made one" }
  $theirs
}

function Invoke-Official([string]$Theirs, [string]$Verb) {
  $program = Join-Path $Official 'nezha-agent.exe'
  if (Test-Path -LiteralPath $program) { try { Invoke-Program $program @('service', '-c', $Theirs, $Verb) | Out-Null } catch { Write-Host "the official agent: $_" } }
}

# Nobody but the system and administrators reads the secret.
function New-Settings {
  New-Item -ItemType Directory -Force -Path $Settings | Out-Null
  Invoke-Program 'icacls.exe' @($Settings, '/inheritance:r', '/grant:r', '*S-1-5-18:(OI)(CI)F', '*S-1-5-32-544:(OI)(CI)F') | Out-Null
}

function Install-Agent {
  if (-not $env:NZ_SERVER) { Stop-With 'NZ_SERVER is missing: host:port of the dashboard' }
  if (-not $env:WF_CODE -and -not $env:NZ_CLIENT_SECRET -and -not $env:WF_TAKE_OVER) { Stop-With 'WF_CODE or NZ_CLIENT_SECRET is missing' }
  if (Test-Path -LiteralPath $Folder) { Stop-With "$Folder is there already; take it away first: agent.ps1 uninstall" }
  if (-not $AgentHash) { Stop-With 'this dashboard has no packed agent' }
  if ($env:NZ_INSECURE_TLS -eq 'true') { [Net.ServicePointManager]::ServerCertificateValidationCallback = { $true } }
  $scheme = if (@('true', '1', 't') -contains "$env:NZ_TLS".ToLowerInvariant()) { 'https' } else { 'http' }
  $script:Base = "${scheme}://$env:NZ_SERVER"
  $theirs = Find-Official
  $hadSettings = Test-Path -LiteralPath $Settings
  $work = Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName())
  New-Item -ItemType Directory -Path $work | Out-Null
  $done = $false
  try {
    $node = Find-Node $work
    $bundle = Join-Path $work 'agent.bundle'
    $agent = Join-Path $work 'agent'
    Get-Verified 'agent.bundle' $bundle $AgentHash
    New-Item -ItemType Directory -Path $agent | Out-Null
    $unbundle = Join-Path $work 'unbundle.cjs'
    [IO.File]::WriteAllText($unbundle, $Unbundle)
    Invoke-Program $node @($unbundle, $bundle, $agent)
    if ($TerminalHash) {
      $terminal = Join-Path $work 'terminal.bundle'
      Get-Verified 'terminal-win32-x64' $terminal $TerminalHash
      Invoke-Program $node @($unbundle, $terminal, $agent)
    }
    Assert-Signed $node $work
    Invoke-Program $node @((Join-Path $agent 'agent.cjs'), 'unpack', $Folder) | Out-Null
    if ($node -eq (Join-Path $work 'node.exe')) {
      Move-Item -LiteralPath $node -Destination (Join-Path $Folder 'node.exe')
      $node = Join-Path $Folder 'node.exe'
    }
    $entry = Join-Path $Folder 'agent.cjs'
    New-Settings
    if ($theirs) { Copy-Item -LiteralPath $theirs -Destination $Config }
    if ($env:WF_CODE) { Invoke-Program $node @($entry, 'enrol', '-c', $Config, $script:Base) | Where-Object { $_ -notlike 'next: *' } }
    if ($theirs) { Invoke-Official $theirs 'stop' }
    Invoke-Program $node @($entry, 'service', 'install')
    $done = $true
    if ($theirs) {
      Invoke-Official $theirs 'uninstall'
      Write-Host "the official agent is taken over; its files are still in $Official"
    }
    Invoke-Program $node @($entry, 'permits')
    Write-Host "what the dashboard may do here is changed by: & '$node' '$entry' permit <right>"
  } finally {
    if (-not $done) {
      if ($theirs) { Invoke-Official $theirs 'start' }
      Remove-Item -Recurse -Force -LiteralPath $Folder -ErrorAction SilentlyContinue
      if (-not $hadSettings) { Remove-Item -Recurse -Force -LiteralPath $Settings -ErrorAction SilentlyContinue }
    }
    Remove-Item -Recurse -Force -LiteralPath $work -ErrorAction SilentlyContinue
  }
}

function Uninstall-Agent {
  if (-not (Test-Path -LiteralPath $Folder) -and -not (Test-Path -LiteralPath $Settings)) { Stop-With "there is no agent in $Folder" }
  $node = Join-Path $Folder 'node.exe'
  if (-not (Test-Path -LiteralPath $node)) {
    $present = Get-Command node -CommandType Application -ErrorAction SilentlyContinue | Select-Object -First 1
    $node = if ($present) { $present.Source } else { '' }
  }
  $entry = Join-Path $Folder 'agent.cjs'
  if ($node -and (Test-Path -LiteralPath $entry)) {
    try { Invoke-Program $node @($entry, 'service', 'uninstall') } catch { Write-Host 'no service was found' }
  }
  foreach ($place in @($Folder, $Settings)) {
    if (Test-Path -LiteralPath $place) { Remove-Item -Recurse -Force -LiteralPath $place }
  }
  Write-Host 'the agent is gone'
}

if (-not (Test-Administrator)) { Stop-With 'run this as an administrator' }
if ($Action -eq 'install') { Install-Agent } else { Uninstall-Agent }
