#!/bin/sh
# What mpirun calls instead of ssh: <host> <command>…, run inside the network namespace of that address, under a host
# name of its own, so that the ranks see separate machines and can only talk through their virtual links.
# CLOSO_NAMESPACE_PREFIX: the namespace of address a.b.c.d is the prefix with d appended.
host=$1
shift
last=${host##*.}
exec ip netns exec "$CLOSO_NAMESPACE_PREFIX$last" unshare --uts \
  sh -c 'hostname "$0" && exec sh -c "$*"' "$CLOSO_NAMESPACE_PREFIX$last" "$@"
