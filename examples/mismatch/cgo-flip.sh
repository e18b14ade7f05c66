#!/bin/sh
# CGO_ENABLED=0, or a machine without a C compiler: go leaves files out without a word, and the program is another one.
# Writes only into a temporary folder. Needs a C compiler.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
at=$(mktemp -d)
trap 'rm -rf "$at"' EXIT
export GOWARDEN='' GOFLAGS='' XDG_CACHE_HOME="$at/cache" GOCACHE="$at/go-build"
PATH="$here/bin:$PATH"
mkdir -p "$at/app/lib"
cd "$at/app"
printf 'module app\n\ngo 1.21\n' >go.mod
printf 'package lib\n\n// static int answer(void) { return 42; }\nimport "C"\n\nfunc Answer() int { return int(C.answer()) }\n' >lib/c.go
printf '//go:build !cgo\n\npackage lib\n\nfunc Answer() int { return 0 }\n' >lib/other.go
printf 'package main\n\nimport "app/lib"\n\nfunc main() { println(lib.Answer()) }\n' >main.go

echo "1. With cgo the answer is C's, without it another file's. go says nothing in either case, and keeps the two apart in its cache:"
CGO_ENABLED=1 go build -o with . && ./with
CGO_ENABLED=0 go build -o without . && ./without
CGO_ENABLED=1 go build -o with . && ./with

echo
echo "2. What gowarden says, where the variable was left behind:"
CGO_ENABLED=0 gowarden doctor | sed -n '/CGO_OFF/,$p'

echo
echo "3. What the hint says, done:"
unset CGO_ENABLED
gowarden doctor | tail -n 1
