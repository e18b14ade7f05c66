#!/bin/sh
# examples/images without Docker: run as root, with a network,
#   sh scripts/try-image.sh CHROOT FOLDER
# CHROOT is a clean Debian, as `debootstrap --variant=minbase --include=ca-certificates bookworm CHROOT` makes it: it stands for the image
# that the Dockerfile is FROM, and becomes the image. FOLDER is dist/standalone. The Dockerfile's instructions are carried out one after
# the other; then, without a network, a build in the image; then the command of devcontainer.json, as a user without rights.
set -eu
root=$(cd "$1" && pwd) archives=$(cd "$2" && pwd)
here=$(cd "$(dirname "$0")/.." && pwd)
context=$(mktemp -d)
die() { echo "try-image.sh: $*" >&2; exit 1; }

rm -rf "$root/opt/gowarden" "$root/src" "$root/out" "$root/out2" "$root/home/vscode" "$root/root/.cache"
for program in go node gowarden; do
  if chroot "$root" /bin/sh -c "command -v $program"; then die "$program is in $root"; fi
done
mkdir -p "$root/proc" "$root/dev" "$root/mnt"
mount -t proc proc "$root/proc"
trap 'umount "$root/mnt" 2>/dev/null || :; umount "$root/proc"; rm -rf "$context"' EXIT
[ -c "$root/dev/null" ] || mknod -m 666 "$root/dev/null" c 1 3
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Of a network with an authority of its own.
cp /etc/ssl/certs/ca-certificates.crt "$root/opt/authorities.pem"

# A repository with a lock.
printf 'module example.com/app\n\ngo 1.21\n' >"$context/go.mod"
printf 'package main\n\nfunc main() { println("built") }\n' >"$context/main.go"
mkdir "$context/ci" && cp "$here/install.sh" "$context/ci/"
(cd "$context" && git init -q . && "$here/bin/gowarden" lock go1.25.3 && git add -A &&
  git -c user.name=dev -c user.email=dev@example.com commit -qm first)

printf 'export SSL_CERT_FILE=/opt/authorities.pem HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\n' >"$root/opt/env"
place=/
inside() { # command
  printf '. /opt/env\ncd %s\n%s\n' "$place" "$1" >"$root/opt/run"
  $without chroot "$root" /usr/bin/env -i /bin/sh -e /opt/run
}
without=''
copy() { # from…, to
  while [ $# -gt 1 ]; do
    cp -r "$context/$1" "$root$place/$2"
    shift
  done
  chown -R 0:0 "$root$place"
}

while IFS= read -r line; do
  rest=${line#* }
  case $line in
    '#'* | '' | 'FROM debian:'*) continue ;;
  esac
  printf '\n# %s\n' "$line"
  case $line in
    'ENV '*) printf 'export %s\n' "$rest" >>"$root/opt/env" ;;
    'WORKDIR '*) place=$rest && mkdir -p "$root$place" ;;
    # Names without spaces alone.
    'COPY '*) copy $rest ;;
    'RUN --mount=type=bind,from=gowarden,target=/mnt '*)
      mount --bind -o ro "$archives" "$root/mnt"
      inside "${rest#* }" </dev/null
      umount "$root/mnt" ;;
    'RUN '*) inside "$rest" </dev/null ;;
    *) die "an instruction that is not known here: $line" ;;
  esac
done <"$here/examples/images/Dockerfile"

printf '\n# in the image, without a network\n'
without='unshare -n'
inside 'go build -o /out2/ ./... && /out2/app && gowarden inspect --require lock /out2 && gowarden lock --check && go version'
without=''

printf '\n# devcontainer.json\n'
command=$(sed -n 's/^  "postCreateCommand": "\(.*\)",$/\1/p' "$here/examples/images/.devcontainer/devcontainer.json")
[ "$command" ] || die 'devcontainer.json has no postCreateCommand on one line'
# The image that it names has curl.
inside 'command -v curl >/dev/null || { apt-get update -qq && apt-get install -qqy --no-install-recommends curl; }' </dev/null
mkdir -p "$root/home/vscode"
cp -r "$context" "$root/home/vscode/app"
chown -R 1000:1000 "$root/home/vscode"
mount --bind -o ro "$archives" "$root/mnt"
sum=$(sha256sum <"$archives/SHA256SUMS")
devcontainer() { # command
  printf '%s\n' "$1" >"$root/opt/run"
  $without chroot --userspec=1000:1000 "$root" /usr/bin/env -i HOME=/home/vscode PATH=/home/vscode/.local/share/gowarden/bin:/usr/bin:/bin \
    SSL_CERT_FILE=/opt/authorities.pem GOWARDEN_GO=installed GOWARDEN_URL=file:///mnt GOWARDEN_SHA256="${sum%% *}" \
    /bin/sh -ec 'cd ~/app && . /opt/run'
}
devcontainer "$command"
without='unshare -n'
devcontainer 'go build -o app . && ./app && gowarden inspect --require lock app'
printf '\nevery step ended as it should\n'
