#!/bin/sh
# Makes chain.pem (leaf, intermediate, root) and bouncycastle.p7b, which holds
# the same three certificates. Needs openssl, a JDK and Debian's libbcpkix-java.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

name() { echo "/C=SL/O=Example Trust Services/CN=$1"; }
days=7300

openssl req -x509 -newkey rsa:2048 -nodes -keyout "$work/root.key" -out "$work/root.pem" \
	-subj "$(name 'Example Root')" -days $days -addext basicConstraints=critical,CA:TRUE
issue() { # certificate, issuer, subject, serial number, extensions
	openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
		-keyout "$work/$1.key" -out "$work/$1.csr" -subj "$3"
	echo "$5" >"$work/$1.ext"
	openssl x509 -req -in "$work/$1.csr" -CA "$work/$2.pem" -CAkey "$work/$2.key" \
		-set_serial "$4" -days $days -extfile "$work/$1.ext" -out "$work/$1.pem"
}
issue intermediate root "$(name 'Example Intermediate')" 2 basicConstraints=critical,CA:TRUE,pathlen:0
# A negative serial number, as the platform issues them.
issue leaf intermediate "/C=SL/O=Acme, Inc./CN=Acme signing" -81985529216486896 basicConstraints=CA:FALSE

cat "$work/leaf.pem" "$work/intermediate.pem" "$work/root.pem" >chain.pem
java -cp "/usr/share/java/bcpkix.jar:/usr/share/java/bcprov.jar:/usr/share/java/bcutil.jar" Bundle.java chain.pem bouncycastle.p7b
