#!/bin/sh
# Starts the relay, or the ingest program, with the runtime beside it: nothing has to be installed. The name it is called by says which.
self=$0
case $self in
  */*) ;;
  *) self=$(command -v "$self") ;;
esac
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
lib=${self%/*}/lib
program=${self##*/p2p-live-}
export DENO_NO_UPDATE_CHECK=1
# Without a home there is nowhere to keep what Deno remembers of modules: it does without.
if [ -z "${DENO_DIR:-}${HOME:-}${XDG_CACHE_HOME:-}" ]; then export DENO_DIR="${TMPDIR:-/tmp}/p2p-live-deno"; fi
exec "$lib/deno" run -A --unstable-net --no-prompt --quiet --node-modules-dir=manual "$lib/dist/programs/$program/main.js" "$@"
