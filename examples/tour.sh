#!/bin/sh
# The main job in a minute, with the go of this machine and a cache of its own: a guarded build, its stamp, and a refusal.
# Nothing outside a temporary folder is written.
set -eu

here=$(cd "$(dirname "$0")/.." && pwd)

# What is shown is another go on PATH.
unset GOWARDEN_GO

# Without a go on PATH, the one that gowarden install put there last.
toolchains=${XDG_DATA_HOME:-${HOME-}/.local/share}/gowarden/go
if ! command -v go >/dev/null && [ -f "$toolchains/default" ]; then
  read -r name <"$toolchains/default"
  PATH=$PATH:$toolchains/$name/bin
fi
if ! real=$(command -v go); then
  cat >&2 <<'EOF'
gowarden: error: there is no go on PATH, and gowarden stands in front of one
gowarden: hint: install one without root, proven: bin/gowarden install go1.26.8
gowarden: hint: or from https://go.dev/dl (or your distribution: apt-get install golang), and put it on PATH: export PATH="$PATH:/usr/local/go/bin"
EOF
  exit 127
fi
goroot=$(GOWARDEN=off "$real" env GOROOT)

# A second toolchain of the same version, as a distribution's or a patched one is: another compiler says the same version.
make_twin() {
  mkdir -p "$1/bin" "$1/pkg/tool"
  for entry in "$goroot"/*; do
    case ${entry##*/} in bin | pkg) ;; *) ln -s "$entry" "$1/" ;; esac
  done
  ln -s "$goroot/pkg/include" "$1/pkg/"
  cp "$goroot/bin/go" "$1/bin/go"
  for tools in "$goroot"/pkg/tool/*_*; do
    mkdir "$1/pkg/tool/${tools##*/}"
    for tool in "$tools"/*; do ln -s "$tool" "$1/pkg/tool/${tools##*/}/"; done
    rm "$1/pkg/tool/${tools##*/}/compile"
    cat >"$1/pkg/tool/${tools##*/}/compile" <<EOF
#!/bin/sh
case " \$* " in *' -V=full '* | *' -+ '*) exec '$tools/compile' "\$@" ;; esac
exec '$tools/compile' -N "\$@"
EOF
    chmod +x "$1/pkg/tool/${tools##*/}/compile"
  done
}

run() {
  printf '\n$ %s\n' "$*"
  "$@"
}

tour=$(mktemp -d)
trap 'rm -rf "$tour"' EXIT
export XDG_CACHE_HOME="$tour/cache" GOCACHE="$tour/go-build" GOTOOLCHAIN=local GOFLAGS='' GOWARDEN='' GOWARDEN_CACHE=''
unset GOROOT
PATH="$here/bin:$PATH"
cd "$here/examples/hello"

echo "A small module with a vendored dependency, built by go as always. The go that answers is gowarden's,"
echo "the one that builds is $real. The first build identifies the toolchain and fills a cache of its own."
run go build -o "$tour/hello" .
run "$tour/hello"

echo
echo "The binary carries the hash of the toolchain that compiled it. It is the hash that Go's own checksum database has"
echo "for that toolchain, if the GOROOT is upstream's:"
run gowarden inspect "$tour/hello" | sed '/^\$/b; /toolchain/!d'
printf '\n$ go version -m hello\n' && go version -m "$tour/hello" | grep ToolchainHash

echo
echo "Now another GOROOT with the same version and another compiler, on the same cache. go would mix their objects."
make_twin "$tour/twin"
printf '\n$ PATH=%s:$PATH go build .\n' "$tour/twin/bin"
status=0
PATH="$here/bin:$tour/twin/bin:$PATH" go build -o "$tour/hello" . || status=$?
echo "exit status $status"
[ "$status" = 1 ] || exit 1

echo
echo "What the hint says, done:"
printf '\n$ export GOWARDEN_CACHE=isolate; go build .\n'
PATH="$here/bin:$tour/twin/bin:$PATH" GOWARDEN_CACHE=isolate go build -o "$tour/hello-twin" .
run gowarden inspect "$tour/hello" "$tour/hello-twin" | sed '/^\$/b; /toolchain/!d'

echo
echo "That is gowarden. Put it in front of your go: bin/gowarden enable"
