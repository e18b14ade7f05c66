#!/bin/sh
# An archive for another processor on this machine, its executable under an emulator; the sh around it, Go and Git are this machine's:
#   sh scripts/try-foreign.sh FOLDER PLATFORM EMULATOR [WORD…]
#   sh scripts/try-foreign.sh dist/standalone linux-arm64 qemu-aarch64-static -L ROOT      ROOT holds libc6 of arm64
#   sh scripts/try-foreign.sh dist/standalone linux-x64 qemu-x86_64-static -cpu Nehalem    a processor without AVX
# Every step must end as the line above it says. It writes only into a temporary folder.
set -eu
folder=$1 platform=$2
shift 2
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
step() { printf '\n# %s\n' "$1"; }

tar -xzf "$folder"/gowarden-*-"$platform".tar.gz -C "$scratch"
mv "$scratch"/gowarden-* "$scratch/package"
engine=$scratch/package/dist/gowarden
mv "$engine" "$engine.real"
{
  printf '#!/bin/sh\nexec'
  for word in "$@" "$engine.real"; do printf " '%s'" "$word"; done
  printf ' "$@"\n'
} >"$engine"
chmod +x "$engine"

goroot=$(GOWARDEN=off go env GOROOT)
export HOME="$scratch/home" GOCACHE="$scratch/cache" GOFLAGS=-buildvcs=false GOTOOLCHAIN=local
unset XDG_CACHE_HOME XDG_DATA_HOME XDG_CONFIG_HOME
mkdir -p "$HOME/.config/go/telemetry" "$scratch/app"
echo off >"$HOME/.config/go/telemetry/mode"
export PATH="$goroot/bin:/usr/bin:/bin"
cd "$scratch/app"
printf 'module example.com/app\n\ngo 1.21\n' >go.mod
printf 'package main\n\nfunc main() { println("built") }\n' >main.go
git init -q .
# What a repository could put in the way of a runtime.
printf 'GOWARDEN_LEVELS=nonsense\n' >.env
printf 'preload = ["./evil.js"]\n' >bunfig.toml
printf 'require("fs").writeFileSync("EVIL", "")\n' >evil.js
printf '{"imports": {"#*": "./evil.js"}}\n' >package.json

step "version says $platform"
"$scratch/package/bin/gowarden" version | tee version
grep -q "linux-$(echo "$platform" | cut -d - -f 2), standalone" version
step 'enable, and a build carries its stamp'
"$scratch/package/bin/gowarden" enable "$HOME/bin" >/dev/null
export PATH="$HOME/bin:$PATH"
go build -o app . && ./app && GOWARDEN=off go version -m app | grep ToolchainHash=
step 'the next build follows the stored plan'
sleep 1
go build -o app . && GOWARDEN_DEBUG=1 go build -o app . 2>&1 | grep 'is fresh'
step 'verify judges go.sum: exit 1'
printf 'not a line\n' >go.sum && git add .
status=0
gowarden verify --staged || status=$?
[ $status -eq 1 ]
step 'nothing of the folder was run'
[ ! -e EVIL ]
printf '\nevery step ended as it should\n'
