#!/usr/bin/env bash
# Starts the example on several nodes: Redis, the server that plays the matches, three nodes, and nginx in front of
# them.
#
#     examples/scores/cluster.sh [PORT [SPEED]]
#
# nginx listens on PORT, 3000 by default, and the others on the five ports after it, all on 127.0.0.1. SPEED is the
# number of minutes played per second. Ctrl-C stops everything. The data of Redis is in a temporary folder, which is
# removed. If `SCORES` is set in the environment, it is the path of the program, which is then not built.

set -u
port=${1:-3000} speed=${2:-1.5}
PATH=$PATH:/usr/sbin:/sbin
folder='' pids=()

fail() {
  echo "cluster: $*" >&2
  exit 1
}

stop() {
  trap '' INT TERM
  [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>"$folder/kill"
  wait
  [ -z "$folder" ] || rm -rf "$folder"
}

# Starts a program and waits until its port is open. Its output goes to a file.
start() {
  local name=$1 listen=$2
  shift 2
  (: <"/dev/tcp/127.0.0.1/$listen") 2>/dev/null &&
    fail "port $listen for $name is in use; choose others with cluster.sh PORT"
  "$@" >"$folder/$name.log" 2>&1 &
  pid=$!
  pids+=("$pid")
  for _ in {1..600}; do
    kill -0 "$pid" 2>/dev/null || break
    (: <"/dev/tcp/127.0.0.1/$listen") 2>/dev/null && return
    sleep 0.05
  done
  cat "$folder/$name.log" >&2
  fail "$name does not start on port $listen"
}

[[ $port =~ ^[0-9]{1,5}$ ]] && ((port >= 1 && port <= 65530)) || fail "\`$port\` is not a port from 1 to 65530"
for program in redis-server nginx; do
  command -v "$program" >/dev/null || fail "$program is missing; on Debian, install it with \`apt-get install $program\`"
done
trap stop EXIT
trap 'exit 0' INT TERM HUP
folder=$(mktemp -d) || fail "cannot create a temporary folder"

if [ -z "${SCORES:-}" ]; then
  manifest=$(dirname "$0")/../Cargo.toml
  built=$(cargo build --manifest-path "$manifest" --example scores --message-format json-render-diagnostics) ||
    fail "the example does not build"
  SCORES=$(sed -n 's/.*"executable":"\([^"]*\)".*/\1/p' <<<"$built" | tail -n 1)
fi

redis=$((port + 1)) stadium=$((port + 2)) url=redis://127.0.0.1:$((port + 1))
start redis "$redis" redis-server --port "$redis" --bind 127.0.0.1 --dir "$folder" --save '' --appendonly yes
redis_pid=$pid
start stadium "$stadium" "$SCORES" --redis "$url" --port "$stadium" --speed "$speed"
nodes=() commands=()
for node in 1 2 3; do
  listen=$((port + 2 + node))
  start "node-$node" "$listen" "$SCORES" --redis "$url" --port "$listen" --node "$node"
  nodes+=("server 127.0.0.1:$listen;")
  commands+=("node $node: kill -9 $pid")
done

# A node that refuses a connection is skipped for a second. HTTP/1.1 makes a cut stream recognizable.
cat >"$folder/nginx.conf" <<END
daemon off; worker_processes 1; pid $folder/nginx.pid; error_log stderr crit;
events {}
http {
  access_log off;
  client_body_temp_path $folder/body; proxy_temp_path $folder/proxy;
  fastcgi_temp_path $folder/fastcgi; uwsgi_temp_path $folder/uwsgi; scgi_temp_path $folder/scgi;
  upstream nodes { ${nodes[*]/;/ fail_timeout=1s;} }
  server {
    listen 127.0.0.1:$port;
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    location / { proxy_pass http://nodes; }
    location = /kick-off { proxy_pass http://127.0.0.1:$stadium; }
  }
}
END
start nginx "$port" nginx -p "$folder" -c "$folder/nginx.conf" -e stderr
nginx=$pid

echo "listening on http://127.0.0.1:$port"
echo "To see the page continue at another node, kill the one that it names:"
printf '  %s\n' "${commands[@]}"
echo "redis: kill -9 $redis_pid; redis-cli -p $redis"
echo "Ctrl-C stops everything."
wait "$nginx"
cat "$folder/nginx.log" >&2
fail "nginx has ended"
