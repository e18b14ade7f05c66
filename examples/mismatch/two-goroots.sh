#!/bin/sh
# Two GOROOTs of one version with different compilers, on one cache. go mixes their objects without a word; gowarden refuses.
# Writes only into a temporary folder.
set -eu
here=$(cd "$(dirname "$0")/../.." && pwd)
real=$(command -v go)
goroot=$(GOWARDEN=off "$real" env GOROOT)
at=$(mktemp -d)
trap 'rm -rf "$at"' EXIT
unset GOROOT
export XDG_CACHE_HOME="$at/cache" GOCACHE="$at/go-build" GOTOOLCHAIN=local GOFLAGS='' GOWARDEN='' GOWARDEN_CACHE=''

# The second GOROOT: everything is a link to the first, but its compiler turns the text "unset" into "PATCH".
mkdir -p "$at/twin/bin" "$at/twin/pkg/tool" "$at/app"
for entry in "$goroot"/*; do
  case ${entry##*/} in bin | pkg) ;; *) ln -s "$entry" "$at/twin/" ;; esac
done
ln -s "$goroot/pkg/include" "$at/twin/pkg/"
cp "$goroot/bin/go" "$at/twin/bin/go"
tools=$(GOWARDEN=off "$real" env GOTOOLDIR)
mkdir "$at/twin/pkg/tool/${tools##*/}"
for tool in "$tools"/*; do ln -s "$tool" "$at/twin/pkg/tool/${tools##*/}/"; done
rm "$at/twin/pkg/tool/${tools##*/}/compile"
cat >"$at/twin/pkg/tool/${tools##*/}/compile" <<EOF
#!/bin/sh
case "\$*" in *-V=full*) exec '$tools/compile' "\$@" ;; esac
for word; do
  shift
  case \$word in
    *lib.go) sed 's/"unset"/"PATCH"/' "\$word" >'$at/patched.go' && word='$at/patched.go' ;;
  esac
  set -- "\$@" "\$word"
done
exec '$tools/compile' "\$@"
EOF
chmod +x "$at/twin/pkg/tool/${tools##*/}/compile"

cd "$at/app"
mkdir lib
printf 'module app\n\ngo 1.21\n' >go.mod
printf 'package lib\n\nfunc Text() string { return "unset" }\n' >lib/lib.go
printf 'package main\n\nimport "app/lib"\n\nfunc main() { println(lib.Text()) }\n' >main.go

echo "1. go alone. The first GOROOT prints unset; the second one's compiler would make that PATCH."
"$goroot/bin/go" build -o first . && ./first
"$at/twin/bin/go" build -o second . && ./second
echo "   The second one printed what the first compiled: the cache knows a compiler by its version only."

echo
echo "2. The same with gowarden in front."
PATH="$here/bin:$goroot/bin:$PATH" go build -o first . && ./first
status=0
PATH="$here/bin:$at/twin/bin:$PATH" go build -o second . || status=$?
echo "   exit status $status"
[ "$status" = 1 ]

echo
echo "3. What the hint says: each toolchain gets a cache of its own."
export GOWARDEN_CACHE=isolate
PATH="$here/bin:$at/twin/bin:$PATH" go build -o second . && ./second
PATH="$here/bin:$goroot/bin:$PATH" go build -o first . && ./first
