#!/usr/bin/env bash
# HAProxy 2.6.12 and curl 7.88.1 (Debian 12): a server takes a POST and closes the connection without
# an answer, as one does that dies at work.
#
# Spoken to over HTTP/1.1, HAProxy answers 502 and the server has seen the POST once. Spoken to over
# HTTP/2, the same HAProxy resets the stream with REFUSED_STREAM. RFC 9113, 8.7 reserves that for
# requests of which nothing was processed, so curl repeats it, up to its five retries: the server has
# seen one POST six times. Whoever charges money behind it is asked six times.
set -euo pipefail

haproxy=2.6.12-1+deb12u4
curl=7.88.1-10+deb12u15
place=$(mktemp -d)
started=()
cleanup() {
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$place"
}
trap cleanup EXIT
cd "$place"

apt-get -q -o APT::Sandbox::User=root download "haproxy=$haproxy" "curl=$curl" "libcurl4=$curl" >/dev/null
for package in *.deb; do dpkg-deb -x "$package" root; done
export LD_LIBRARY_PATH
LD_LIBRARY_PATH=$(dirname "$(find root -name 'libcurl.so.4')")
proxy=root/usr/sbin/haproxy
client=root/usr/bin/curl
"$proxy" -v | sed -n 1p
"$client" --version | sed -n 1p

# Writes a line for each POST that reaches it, and closes.
cat >server.mjs <<'SERVER'
import { createServer } from 'node:net';
import { appendFileSync } from 'node:fs';
const server = createServer((socket) => {
  socket.on('error', () => {});
  socket.on('data', (data) => {
    if (data.toString().startsWith('POST')) appendFileSync('posts', 'POST\n');
    socket.destroy();
  });
});
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
SERVER
node server.mjs >port &
started+=($!)
until [[ -s port ]]; do sleep 0.1; done

cat >haproxy.cfg <<CONFIG
defaults
  mode http
  timeout connect 2s
  timeout client 10s
  timeout server 10s
frontend h1
  bind unix@$place/h1.sock
  default_backend server
frontend h2
  bind unix@$place/h2.sock proto h2
  default_backend server
backend server
  server one 127.0.0.1:$(<port)
CONFIG
"$proxy" -f haproxy.cfg -db 2>/dev/null &
started+=($!)
until [[ -S h2.sock ]]; do sleep 0.1; done

posts_of() {  # FRONTEND OPTION...: how many POSTs the server sees of one that a client sends
  : >posts
  "$client" --silent --verbose --output answer --data pay=1 --unix-socket "$1.sock" "${@:2}" \
    http://localhost/ 2>"$1.log" || true
  wc -l <posts
}

over_h1=$(posts_of h1 --http1.1)
over_h2=$(posts_of h2 --http2-prior-knowledge)
echo "over HTTP/1.1: $over_h1 POST at the server; $(grep -o 'HTTP/1.1 [0-9]*' h1.log | tail -1)"
echo "over HTTP/2:   $over_h2 POSTs at the server; curl wrote $(grep -c 'REFUSED_STREAM' h2.log) times REFUSED_STREAM"

[[ $over_h1 == 1 && $over_h2 == 6 ]]
