#!/bin/sh
# A vendored file that somebody edited. Every go command passes; gowarden verify does not. Writes only into a temporary folder;
# reads the module from the module cache, or from the proxy.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
at=$(mktemp -d)
trap 'rm -rf "$at"' EXIT
export GOWARDEN=off GOFLAGS='' XDG_CACHE_HOME="$at/cache" GOCACHE="$at/go-build"
cp -R "$here/examples/hello" "$at/hello"
cd "$at/hello"
git init -q && git add -A
git -c user.name=dev -c user.email=dev@example.com commit -qnm 'a module with vendor/'

echo "1. Before: the vendored files are those of the module."
"$here/bin/gowarden" verify --staged

echo
echo "2. Somebody edits vendor/github.com/dustin/go-humanize/comma.go. What go says of it:"
sed 's/","/"."/' vendor/github.com/dustin/go-humanize/comma.go >edited
mv edited vendor/github.com/dustin/go-humanize/comma.go
printf 'package humanize\n' >vendor/github.com/dustin/go-humanize/added.go
git add -A
for command in 'go build -o /dev/null .' 'go vet .' 'go mod verify'; do
  status=0
  $command >/dev/null 2>&1 || status=$?
  echo "   $command: exit status $status"
done

echo
echo "3. What gowarden says:"
status=0
"$here/bin/gowarden" verify --staged || status=$?
echo "   exit status $status"
[ "$status" = 1 ]

echo
echo "4. Run the hint: go mod vendor writes vendor/ again."
go mod vendor && git add -A
"$here/bin/gowarden" verify --staged
