#!/bin/sh
# Makes the namespace of TEMPORAL_NAMESPACE on TEMPORAL_ADDRESS, unless it is there.
set -eu

# The port opens a moment before the server can answer.
tries=0
until temporal operator cluster health; do
  tries=$((tries + 1))
  [ "$tries" -lt 30 ] || exit 1
  sleep 2
done

temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1 ||
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention 720h
