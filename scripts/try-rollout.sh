#!/bin/sh
# The command blocks of docs/rollout.md, in order, on a machine without Node and compilers: run as root,
#   sh scripts/try-rollout.sh CHROOT FOLDER
# CHROOT is made as scripts/try-standalone.sh says; FOLDER is dist/standalone. Blocks ```sh are a user's without rights, ```sh root are
# root's. Each must end with status 0; a line that begins with ! must fail.
set -eu
root=$1 archives=$2
page=$(dirname "$0")/../docs/rollout.md

rm -rf "$root/usr/local/go" "$root/opt/release" "$root/opt/gowarden" "$root/etc/gowarden" "$root/home/dev" "$root/opt/blocks"
cp -a "$(GOWARDEN=off go env GOROOT)" "$root/usr/local/go"
mkdir -p "$root/opt/release" "$root/opt/blocks" "$root/home/dev" "$root/proc" "$root/dev"
cp "$archives"/* "$root/opt/release/"
chown 1234:1234 "$root/home/dev"
chmod 1777 "$root/tmp"
[ -c "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
mount -t proc proc "$root/proc"
trap 'umount "$root/proc"' EXIT

awk -v folder="$root/opt/blocks" '
  /^```sh( root)?$/ { file = sprintf("%s/%02d%s", folder, ++count, $2 == "root" ? "-root" : ""); next }
  /^```/ { file = ""; next }
  file == "" { next }
  # set -e does not see what ! turns around.
  /^! / { print "if " substr($0, 3) "; then echo \"must fail: " NR "\" >&2; exit 1; fi" >file; next }
  { print >file }
' "$page"

for block in "$root"/opt/blocks/*; do
  name=${block##*/}
  case $name in *-root) user=0 home=/root ;; *) user=1234 home=/home/dev ;; esac
  printf '\n# block %s\n' "$name"
  chroot --userspec=$user:$user "$root" /usr/bin/env -i HOME=$home PLACE=/opt/release GOFLAGS=-buildvcs=false GOTOOLCHAIN=local \
    PATH=$home/.local/share/gowarden/bin:/usr/local/go/bin:/usr/bin:/bin:/usr/sbin:/sbin /bin/sh -eu "/opt/blocks/$name" ||
    { echo "block $name of $page ended with status $?" >&2; exit 1; }
done
printf '\nevery block ended as it should\n'
