#!/bin/sh
# A build cache server on the loopback of this machine: go-cacher-server, and go-cacher, through which go asks it, both of
# github.com/bradfitz/go-tool-cache. Runs until Ctrl-C. Everything it writes lies in one folder, which the next start uses again.
#
#   sh examples/remote-cache/start.sh [FOLDER [PORT]]
set -eu

module=github.com/bradfitz/go-tool-cache
version=v0.0.0-20260722201841-0bb331e19f64

folder=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/remote-cache}
port=${2:-31364}
case $folder in /*) ;; *) folder=$PWD/$folder ;; esac
case $folder in *"'"*) echo "start.sh: error: cmd/go cannot name a folder with a quote in GOCACHEPROG: $folder" >&2 && exit 2 ;; esac
case $port in '' | *[!0-9]*) echo "start.sh: error: not a port: $port" >&2 && exit 2 ;; esac

# Objects are code that other hosts will ship: nobody else may write here.
(umask 077 && mkdir -p "$folder/objects")

for name in go-cacher go-cacher-server; do
  [ -x "$folder/bin/$name" ] && continue
  echo "building $name, this once"
  GOCACHEPROG='' GOFLAGS='' GOBIN="$folder/bin" go install "$module/cmd/$name@$version"
done

"$folder/bin/go-cacher-server" -listen "127.0.0.1:$port" -cache-dir "$folder/objects" &
server=$!
trap 'kill "$server" 2>/dev/null || :' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
sleep 1
kill -0 "$server" 2>/dev/null || {
  echo "start.sh: error: the server does not run; is port $port taken? another one: start.sh '$folder' $((port + 1))" >&2
  exit 1
}

cat <<END

The server listens on http://127.0.0.1:$port, its objects lie in $folder/objects. Ctrl-C stops it.

In another shell on this machine:

  export GOCACHEPROG="'$folder/bin/go-cacher' -cache-server=http://127.0.0.1:$port"

On another host, through a tunnel, so that only who may log in here can write objects:

  ssh -N -L $port:127.0.0.1:$port $(uname -n) &
  go install $module/cmd/go-cacher@$version
  export GOCACHEPROG="\$(go env GOPATH)/bin/go-cacher -cache-server=http://127.0.0.1:$port"

With -verbose behind go-cacher it counts what it found and what it did not.
END

wait "$server"
