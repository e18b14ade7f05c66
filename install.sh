#!/bin/sh
# Installs gowarden for one user, without root and without Node, and checks what it installs.
#
#   sh install.sh --from FILE_OR_FOLDER        from an archive, or a folder with archives and SHA256SUMS (no network)
#   GOWARDEN_URL=https://… sh install.sh       from a folder on a web server: a release, or a mirror of one
#
# --version V   this version; needed where the folder holds several
# --sha256 SUM  what SHA256SUMS itself must be: as you read it once, where you trust it
# --prefix DIR  below it: DIR/VERSION-PLATFORM, and DIR/bin for PATH (default: ${XDG_DATA_HOME:-~/.local/share}/gowarden)
# Proxies are those of curl or wget: https_proxy, no_proxy. Removing it again: gowarden self remove
set -eu

say() { printf 'install.sh: %s\n' "$@" >&2; }
die() { # error, hint…
  say "error: $1"
  shift
  for hint; do say "hint: $hint"; done
  exit 1
}
usage() {
  say "error: $1" 'hint: sh install.sh --from FILE_OR_FOLDER [--version V] [--sha256 SUM] [--prefix DIR], or GOWARDEN_URL=https://… sh install.sh'
  exit 2
}

from='' version='' prefix='' pin=''
while [ $# -gt 0 ]; do
  case $1 in
    --from | --version | --prefix | --sha256) [ $# -ge 2 ] && [ "$2" ] || usage "$1 needs a value" ;;
  esac
  case $1 in
    --from) from=$2 && shift ;;
    --version) version=${2#v} && shift ;;
    --prefix) prefix=$2 && shift ;;
    --sha256) pin=$2 && shift ;;
    --from=*) from=${1#*=} ;;
    --version=*) version=${1#*=} version=${version#v} ;;
    --prefix=*) prefix=${1#*=} ;;
    --sha256=*) pin=${1#*=} ;;
    *) usage "$1 is not an option" ;;
  esac
  shift
done
[ "$from" ] || [ "${GOWARDEN_URL-}" ] || usage 'nothing to install from'
case $pin in *[!0-9a-f]*) usage "--sha256 $pin is not a SHA-256" ;; esac
case $version in *[!0-9A-Za-z.+-]*) usage "--version $version is not a version" ;; esac
if [ -z "$prefix" ]; then
  case ${XDG_DATA_HOME-} in
    /*) prefix=$XDG_DATA_HOME/gowarden ;;
    *) case ${HOME-} in
      /*) prefix=$HOME/.local/share/gowarden ;;
      *) usage 'HOME is not set, so --prefix DIR is needed' ;;
    esac ;;
  esac
fi
case $prefix in /*) ;; *) prefix=$PWD/$prefix ;; esac

case $(uname -s) in
  Linux) system=linux ;;
  Darwin) system=macos ;;
  *) die "there is no gowarden for $(uname -s)" ;;
esac
case $(uname -m) in
  x86_64 | amd64) machine=x64 ;;
  aarch64 | arm64) machine=arm64 ;;
  *) die "there is no gowarden for $(uname -m)" ;;
esac
platform=$system-$machine
if [ $system = linux ]; then
  if [ ! -e /lib64/ld-linux-x86-64.so.2 ] && [ ! -e /lib/ld-linux-aarch64.so.1 ]; then
    for loader in /lib/ld-musl-*; do [ ! -e "$loader" ] || platform=$system-$machine-musl; done
  fi
fi

scratch=$(mktemp -d) || die 'no temporary folder can be made'
trap 'rm -rf "$scratch"' EXIT
trap 'exit 1' HUP INT TERM

fetch() { # name, file
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --proto '=https,http,file' -o "$2" -- "$GOWARDEN_URL/$1" || return 1
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$2" -- "$GOWARDEN_URL/$1" || return 1
  else
    die 'neither curl nor wget is here to fetch with' 'fetch the archive and SHA256SUMS by other means: sh install.sh --from FOLDER'
  fi
}

sha256() { # of standard input
  if command -v sha256sum >/dev/null 2>&1; then sha256sum; else shasum -a 256; fi | cut -d ' ' -f 1
}

sums=$scratch/SHA256SUMS
if [ -z "$from" ]; then
  GOWARDEN_URL=${GOWARDEN_URL%/}
  fetch SHA256SUMS "$sums" || die "$GOWARDEN_URL/SHA256SUMS cannot be fetched"
elif [ -d "$from" ]; then
  [ -f "$from/SHA256SUMS" ] || die "$from holds no SHA256SUMS, so nothing proves the archives in it"
  cp -- "$from/SHA256SUMS" "$sums"
else
  [ -f "$from" ] || die "$from: no such file"
  case $from in */*) folder=${from%/*} ;; *) folder=. ;; esac
  [ -f "$folder/SHA256SUMS" ] || die "$folder holds no SHA256SUMS, so nothing proves $from" "put the release's SHA256SUMS beside the archive"
  cp -- "$folder/SHA256SUMS" "$sums"
fi

if [ "$pin" ]; then
  found=$(sha256 <"$sums")
  [ "$found" = "$pin" ] || die 'SHA256SUMS is not the one that --sha256 names; nothing was installed' "expected $pin, found $found"
fi

# The archive of this platform that SHA256SUMS names: the one asked for, or the only one.
archive='' count=0
if [ "$from" ] && [ ! -d "$from" ]; then
  archive=${from##*/} count=1
else
  while read -r _ name; do
    name=${name#\*}
    case $name in gowarden-*-"$platform".tar.gz) ;; *) continue ;; esac
    [ -z "$version" ] || [ "$name" = "gowarden-$version-$platform.tar.gz" ] || continue
    archive=$name count=$((count + 1))
  done <"$sums"
fi
[ $count -gt 0 ] || die "no archive of gowarden ${version:+$version }for $platform is in SHA256SUMS"
[ $count -eq 1 ] || die "several versions are there" 'name one: sh install.sh --version V …'
case $archive in */* | *[!0-9A-Za-z._+-]*) die "SHA256SUMS names a file that is no archive: $archive" ;; esac
title=${archive%.tar.gz}
case $title in gowarden-*-"$platform") ;; *) die "$archive is not for $platform" "this machine needs gowarden-VERSION-$platform.tar.gz" ;; esac

if [ -z "$from" ]; then
  fetch "$archive" "$scratch/$archive" || die "$GOWARDEN_URL/$archive cannot be fetched"
elif [ -d "$from" ]; then
  cp -- "$from/$archive" "$scratch/$archive" || die "$from/$archive cannot be read"
else
  cp -- "$from" "$scratch/$archive" || die "$from cannot be read"
fi

expected=''
while read -r sum name; do [ "${name#\*}" != "$archive" ] || expected=$sum; done <"$sums"
[ "$expected" ] || die "SHA256SUMS has no line for $archive, so nothing proves it"
found=$(sha256 <"$scratch/$archive")
[ "$found" = "$expected" ] ||
  die "$archive is not what SHA256SUMS says; nothing was installed" "expected $expected, found $found"

mkdir -p -- "$prefix" || die "$prefix cannot be made" 'name another folder: --prefix DIR'
# Unpacked beside its place and renamed into it: another install, or an end in between, leaves nothing half there.
unpacked=$(mktemp -d "$prefix/.new.XXXXXX") || die "nothing can be written into $prefix" 'name another folder: --prefix DIR'
trap 'rm -rf "$scratch" "$unpacked"' EXIT
tar -xzf "$scratch/$archive" -C "$unpacked" || die "$archive cannot be unpacked into $prefix"
place=$prefix/${title#gowarden-}
"$unpacked/$title/bin/gowarden" --version >/dev/null ||
  die "the gowarden of $archive does not run on this machine; nothing was installed"
if [ -e "$place" ]; then
  mv -- "$place" "$unpacked/old"
fi
mv -- "$unpacked/$title" "$place" || die "$place cannot be made"
"$place/bin/gowarden" enable "$prefix/bin"
