#!/bin/sh
# Makes the certificates of the hostile receivers anew. Needs openssl 1.1 or newer; run it in this folder.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
touch "$work/index.txt"
cat > "$work/ca.cnf" <<CNF
[ca]
default_ca = own
[own]
database = $work/index.txt
new_certs_dir = $work
default_md = sha256
policy = any
rand_serial = yes
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[authority]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
CNF
key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }
# sign FILE SUBJECT ALTERNATIVE-NAME FROM UNTIL [openssl ca options]
sign() {
  key "$1.key"
  openssl req -new -config "$work/ca.cnf" -key "$1.key" -subj "/CN=$2" -out "$work/$1.csr"
  echo "subjectAltName = $3" > "$work/$1.ext"
  shift_name=$1; from=$4; until=$5; shift 5
  openssl ca -batch -notext -config "$work/ca.cnf" -in "$work/$shift_name.csr" -out "$shift_name.pem" \
    -startdate "$from" -enddate "$until" -extfile "$work/$shift_name.ext" "$@"
}
from=20200101000000Z
key "$work/authority.key"
openssl req -new -config "$work/ca.cnf" -key "$work/authority.key" -subj "/CN=Hookline tests" -out "$work/authority.csr"
openssl ca -batch -notext -selfsign -config "$work/ca.cnf" -keyfile "$work/authority.key" -in "$work/authority.csr" \
  -out authority.pem -startdate $from -enddate 21200101000000Z -extensions authority
by_authority="-cert authority.pem -keyfile $work/authority.key"
# shellcheck disable=SC2086
{
  sign good 127.0.0.1 IP:127.0.0.1 $from 21200101000000Z $by_authority
  sign expired 127.0.0.1 IP:127.0.0.1 $from 20200201000000Z $by_authority
  sign wrong-host other.example DNS:other.example $from 21200101000000Z $by_authority
}
sign self-signed 127.0.0.1 IP:127.0.0.1 $from 21200101000000Z -selfsign -keyfile self-signed.key
