#!/bin/sh
# The standalone archive on a machine that has Go and Git, and neither Node, npm nor a C compiler: run as root,
#   sh scripts/try-standalone.sh CHROOT FOLDER
# CHROOT is such a machine, as `debootstrap --variant=minbase --include=git bookworm CHROOT` makes it; FOLDER is dist/standalone. The Go of
# this machine is copied into it. Every step is done by a user without rights, and each must end as the line above it says.
set -eu
root=$1 archives=$2
goroot=$(GOWARDEN=off go env GOROOT)

rm -rf "$root/usr/local/go" "$root/opt/twin" "$root/opt/release" "$root/home/dev"
cp -a "$goroot" "$root/usr/local/go"
mkdir -p "$root/opt/release" "$root/home/dev" "$root/dev"
cp "$archives"/* "$root/opt/release/"
chown 1234:1234 "$root/home/dev"
mkdir -p "$root/proc"
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT
[ -c "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
for program in node npm gcc cc bun; do
  if chroot "$root" /bin/sh -c "command -v $program"; then echo "$program is in $root" >&2 && exit 1; fi
done
# A twin: the same version, another compiler (-N for everything but the runtime's own packages).
tools=$(cd "$root/usr/local/go/pkg/tool" && echo *_*)
mkdir -p "$root/opt/twin/bin" "$root/opt/twin/pkg/tool/$tools"
for entry in "$goroot"/*; do
  case ${entry##*/} in bin | pkg) ;; *) ln -s "/usr/local/go/${entry##*/}" "$root/opt/twin/" ;; esac
done
ln -s /usr/local/go/pkg/include "$root/opt/twin/pkg/"
cp "$goroot/bin/go" "$root/opt/twin/bin/go"
for tool in "$goroot/pkg/tool/$tools"/*; do ln -s "/usr/local/go/pkg/tool/$tools/${tool##*/}" "$root/opt/twin/pkg/tool/$tools/"; done
rm "$root/opt/twin/pkg/tool/$tools/compile"
cat >"$root/opt/twin/pkg/tool/$tools/compile" <<EOF
#!/bin/sh
case " \$* " in *' -V=full '* | *' -+ '*) exec /usr/local/go/pkg/tool/$tools/compile "\$@" ;; esac
exec /usr/local/go/pkg/tool/$tools/compile -N "\$@"
EOF
chmod +x "$root/opt/twin/pkg/tool/$tools/compile"

cat >"$root/opt/steps" <<'EOF'
set -eu
step() { printf '\n# %s\n' "$1"; }
fails() { # status, words…
  want=$1
  shift
  status=0
  "$@" || status=$?
  [ $status -eq "$want" ] || { echo "status $status, not $want: $*" >&2; exit 1; }
}
export HOME=/home/dev PATH=/usr/local/go/bin:/usr/bin:/bin GOFLAGS=-buildvcs=false GOTOOLCHAIN=local
cd "$HOME"
step 'an archive that was tampered with is refused'
cp -r /opt/release bad && for f in bad/*.tar.gz; do printf x >>"$f"; done
fails 1 sh bad/install.sh --from bad
[ ! -e .local ]
step 'install and enable'
sh /opt/release/install.sh --from /opt/release
export PATH=$HOME/.local/share/gowarden/bin:$PATH
gowarden --version
step 'a build carries its stamp'
mkdir app && cd app && git init -q . 2>/dev/null
printf 'module example.com/app\n\ngo 1.21\n' >go.mod
printf 'package main\n\nfunc main() { println("built") }\n' >main.go
go build -o app . && ./app && GOWARDEN=off go version -m app | grep ToolchainHash=
step 'doctor says guarded'
gowarden doctor | tail -n 1
step 'a twin of the same version is refused on this cache'
PATH=$HOME/.local/share/gowarden/bin:/opt/twin/bin:/usr/bin:/bin fails 1 go build -o twin .
step 'the hook refuses a go.sum that nobody can prove'
git config user.name dev && git config user.email dev@example.com
gowarden init >/dev/null && git add -A && git commit -qm first
printf 'not a line\n' >go.sum && git add go.sum
fails 1 git commit -qm second
step 'remove leaves nothing of gowarden'
cd "$HOME"
gowarden self remove --yes
left=$(find "$HOME" -path "$HOME/app" -prune -o -path "$HOME/bad" -prune -o -name '*gowarden*' -print)
[ -z "$left" ] || { echo "left: $left" >&2; exit 1; }
go version
printf '\nevery step ended as it should\n'
EOF
chroot --userspec=1234:1234 "$root" /bin/sh /opt/steps
