#!/bin/sh
# Two hosts and a server, all on this machine: each host has a home, a GOCACHE and a folder of go-cacher's of its own, so
# whatever reaches the second one came from the server. Prints what go-cacher counted, the stamps, and the time it took.
# Everything lies in a temporary folder.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
port=${1:-31365}
work=$(mktemp -d)
server=''
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || :; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

sh "$here/start.sh" "$work/server" "$port" >"$work/log" 2>&1 &
server=$!
echo "starting the server…"
until grep -q 'listens on' "$work/log"; do
  kill -0 "$server" 2>/dev/null || { cat "$work/log" >&2 && exit 1; }
  sleep 1
done

PATH="$here/../../bin:$PATH"
unset GOROOT
export GOFLAGS='' GOTOOLCHAIN=local GOWARDEN_CACHE=''
GOMODCACHE=$(GOWARDEN=off go env GOMODCACHE)
export GOMODCACHE
cd "$here/../hello"

now() { # in milliseconds
  echo "$(($(date +%s%N) / 1000000))"
}

build() { # host, what it does, words of GOCACHEPROG, GOWARDEN
  mkdir -p "$work/$1/home"
  started=$(now)
  HOME="$work/$1/home" XDG_CACHE_HOME="$work/$1/cache" GOCACHE="$work/$1/go-build" GOCACHEPROG="$3" GOWARDEN="$4" \
    go build -o "$work/$1/hello" . 2>"$work/$1/err" || { cat "$work/$1/err" >&2 && exit 1; }
  printf '%-9s %-58s %6d ms  %s\n' "$1" "$2" "$(($(now) - started))" "$(sed -n 's/.*closing; //p' "$work/$1/err")"
}

cacher() { # host
  echo "'$work/server/bin/go-cacher' -verbose '-cache-dir=$work/$1/cacher' -cache-server=http://127.0.0.1:$port"
}

build first 'fills the server' "$(cacher first)" ''
build second 'the same toolchain: everything comes from the server' "$(cacher second)" ''
build second 'again: go finds hello up to date' "$(cacher second)" ''
build third 'no server, an empty GOCACHE' '' ''
build unguarded 'GOWARDEN=off: these objects are other ones' "$(cacher unguarded)" off
build after 'GOWARDEN=off, everything from the server' "$(cacher after)" off

echo
for host in first second third; do
  printf '%-9s %s\n' "$host" "$(GOWARDEN=off go version -m "$work/$host/hello" | grep -o 'ToolchainHash=.*')"
done
