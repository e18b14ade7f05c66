#!/bin/sh
# gowarden command, as gowarden enable puts it beside the launcher: runs the package it was enabled from, under the Node it ran
# under, so it needs nothing on PATH.
file=$0
while [ -L "$file" ]; do
  link=$(command -p readlink -- "$file") || break
  case $link in
    /*) file=$link ;;
    *) file=${file%/*}/$link ;;
  esac
done
case $file in */*) ;; *) file=./$file ;; esac
here=${file%/*}
engine=$here/gowarden-engine/bin/gowarden
if [ ! -f "$engine" ]; then
  printf 'gowarden: %s\n' \
    "error: gowarden was enabled from $(command -p readlink -- "$here/gowarden-engine"), and is not there any more" \
    'hint: enable it again, in the folder where gowarden is now: npm ci && bin/gowarden enable' >&2
  exit 127
fi
[ ! -x "$here/gowarden-node" ] || exec "$here/gowarden-node" "$engine" "$@"
exec "$engine" "$@"
