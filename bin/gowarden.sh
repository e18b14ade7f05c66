#!/bin/sh
# gowarden command. In the package it starts the standalone executable, or Node where that was not built. gowarden enable puts a
# copy beside the launcher, which finds the package by gowarden-engine and Node by gowarden-node, and so needs nothing on PATH.
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
package=$here/gowarden-engine
if [ ! -L "$package" ]; then
  package=$here/..
elif [ ! -f "$package/bin/gowarden.sh" ]; then
  printf 'gowarden: %s\n' \
    "error: gowarden was enabled from $(command -p readlink -- "$package"), and is not there any more" \
    'hint: enable it again, in the folder where gowarden is now: npm ci && bin/gowarden enable' >&2
  exit 127
fi
if [ -x "$package/dist/gowarden" ]; then
  # By these the executable would load other code first. They are the user's, for other programs, and may name relative paths.
  unset BUN_OPTIONS BUN_BE_BUN BUN_INSPECT BUN_INSPECT_PRELOAD
  # It compiles what runs long, not what runs for milliseconds (src/system/optimize-late.ts).
  export BUN_JSC_thresholdForJITAfterWarmUp=20000 BUN_JSC_thresholdForJITSoon=5000
  exec "$package/dist/gowarden" "$@"
fi
[ ! -x "$here/gowarden-node" ] || exec "$here/gowarden-node" "$package/bin/gowarden" "$@"
rest=${PATH-}:
while [ "$rest" ]; do
  directory=${rest%%:*} rest=${rest#*:}
  # A relative entry may lie in a repository.
  case $directory in /*) ;; *) continue ;; esac
  if [ -f "$directory/node" ] && [ -x "$directory/node" ]; then
    exec "$directory/node" "$package/bin/gowarden" "$@"
  fi
done
printf 'gowarden: %s\n' 'error: gowarden runs under Node here, and no node is on PATH' \
  'hint: install Node 20.17 or newer, and run gowarden enable so that it is found from everywhere' >&2
exit 127
