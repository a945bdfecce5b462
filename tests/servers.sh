# shellcheck shell=bash
# Sourced by tests/run and tests/city: starts throwaway PostgreSQL and Redis on free loopback ports, runs jobs beside
# them, and ends exactly what it started.
#
# Invariant: whatever way the caller ends, `servers_stop` runs, no process of ours is left, and the folder
# `$scratch` is gone. Nothing is ended by name, only by a process id or data folder of our own.

scratch=''           # our folder; empty until servers_prepare
server_pids=()       # processes we started and have to end, in order of starting
postgres_folder=''   # data folder of the PostgreSQL we started
ports_given=' '      # what free_port handed out
at_stop=''           # a function of the caller, called when server_pids have ended
job=''               # process group in the foreground of the script (a build, a test runner)

# shellcheck source=tests/programs.sh
source tests/programs.sh

say() { printf '\n== %s\n' "$*"; }

fail() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# ---- ports, waiting, HTTP ------------------------------------------------------------------------------------

# free_port VARIABLE — a port nobody listens on and that was not given yet, below the range from which the kernel
# serves port 0, so that no test gets it meanwhile.
free_port() {
    local -n chosen=$1
    local candidate
    while :; do
        candidate=$((20000 + RANDOM % 12000))
        [[ $ports_given == *" $candidate "* ]] && continue
        (exec 3<>"/dev/tcp/127.0.0.1/$candidate") 2>/dev/null && continue
        ports_given+="$candidate "
        # shellcheck disable=SC2034 # the variable of the caller
        chosen=$candidate
        return
    done
}

# until_true SECONDS COMMAND… — asks ten times a second; fails when the time is over.
until_true() {
    local deadline=$((SECONDS + $1))
    shift
    until "$@"; do
        ((SECONDS < deadline)) || return 1
        sleep 0.1
    done
}

alive() { kill -0 "$1" 2>/dev/null; }
ended() { ! alive "$1"; }

# http_get PORT PATH — the whole answer, headers first. In bash alone: a fresh machine has no curl.
http_get() {
    # shellcheck disable=SC2016 # the inner shell expands its arguments
    timeout 10 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" &&
        printf "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%s\r\nAccept: application/json\r\nConnection: close\r\n\r\n" "$2" "$1" >&3 &&
        cat <&3' http_get "$1" "$2" 2>/dev/null
}

# http_ok PORT PATH — the answer is 200.
http_ok() { [[ $(http_get "$1" "$2" | head -n 1) == 'HTTP/1.'[01]' 200'* ]]; }

# ---- PostgreSQL and Redis ------------------------------------------------------------------------------------

random_word() { od -An -N16 -tx1 /dev/urandom | tr -d ' \n'; }

# PostgreSQL refuses to run as root; the Debian package brings the user `postgres`. The tests that start a server
# of their own do the same with TEST_PG_USER (empty: as whoever runs them).
as_postgres() {
    if [[ -n $TEST_PG_USER ]]; then
        (cd / && exec runuser -u "$TEST_PG_USER" -- "$@")
    else
        "$@"
    fi
}

postgres_start() {
    local folder=$scratch/postgres password port
    password=$(random_word)
    mkdir -m 700 "$folder"
    printf '%s\n' "$password" >"$folder/password"
    if [[ -n $TEST_PG_USER ]]; then
        chown -R "$TEST_PG_USER" "$folder"
        as_postgres test -w "$folder" || fail "the user $TEST_PG_USER cannot reach $folder; set TMPDIR to a folder it can"
    fi
    # A password, because everybody on this machine can reach the port. Checked in the clear: over loopback that
    # loses nothing, while a debug build takes its time over SCRAM's 4096 rounds.
    as_postgres "$TEST_PG_BIN/initdb" --pgdata="$folder/data" --username=postgres --pwfile="$folder/password" \
        --auth=password --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$scratch/initdb.log" 2>&1 \
        || fail "initdb: $(tail -n 20 "$scratch/initdb.log")"
    as_postgres tee -a "$folder/data/postgresql.conf" >/dev/null <<-SETTINGS
		listen_addresses = '127.0.0.1'
		unix_socket_directories = ''
		max_connections = 300
		timezone = 'UTC'
		# It lives as long as the tests do: nothing has to survive this machine.
		fsync = off
		full_page_writes = off
	SETTINGS
    postgres_folder=$folder/data
    for _ in 1 2 3 4 5; do # the port may be taken between looking and listening
        free_port port
        if as_postgres "$TEST_PG_BIN/pg_ctl" start --pgdata="$postgres_folder" --log="$folder/log" --wait --silent \
            -o "-c port=$port" </dev/null >"$scratch/pg_ctl.log" 2>&1; then
            export TEST_DATABASE_URL=postgres://postgres:$password@127.0.0.1:$port/postgres
            return
        fi
        as_postgres grep -q 'Address already in use' "$folder/log" || break
    done
    fail "PostgreSQL does not start: $(as_postgres tail -n 20 "$folder/log")"
}

# sql STATEMENT — on the server of TEST_DATABASE_URL; prints bare values.
sql() { "$TEST_PG_BIN/psql" "$TEST_DATABASE_URL" --no-psqlrc --quiet --tuples-only --no-align --command="$1"; }

postgres_check() {
    local able
    able=$(sql "select current_setting('server_version_num')::int >= 150000 and (rolsuper or rolcreatedb)
        from pg_roles where rolname = current_user") || fail 'the PostgreSQL of TEST_DATABASE_URL does not answer'
    [[ $able == t ]] || fail 'TEST_DATABASE_URL must name a PostgreSQL 15 or newer and a role that may create databases'
}

# redis_answers PORT PASSWORD
redis_answers() {
    # shellcheck disable=SC2016 # the inner shell expands its arguments
    timeout 5 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$1" && printf "AUTH %s\r\nPING\r\nQUIT\r\n" "$2" >&3 && grep -q PONG <&3' \
        redis_answers "$1" "$2" 2>/dev/null
}

# redis_settled PID PORT PASSWORD — it answers, or it is dead.
redis_settled() { ended "$1" || redis_answers "$2" "$3"; }

redis_start() {
    local folder=$scratch/redis password port pid
    password=$(random_word)
    mkdir -m 700 "$folder"
    for _ in 1 2 3 4 5; do
        free_port port
        # Settings by standard input: on the command line everybody could read the password.
        "$TEST_REDIS_SERVER" - >"$folder/log" 2>&1 <<-SETTINGS &
			bind 127.0.0.1
			port $port
			requirepass $password
			save ""
			appendonly no
			dir $folder
		SETTINGS
        pid=$!
        server_pids+=("$pid")
        until_true 20 redis_settled "$pid" "$port" "$password" || break
        if alive "$pid"; then
            export TEST_REDIS_URL=redis://:$password@127.0.0.1:$port/
            return
        fi
        unset 'server_pids[-1]'
    done
    fail "Redis does not start: $(tail -n 20 "$folder/log")"
}

# redis_cli ARGUMENT… — on the server of TEST_REDIS_URL. A URL without a user means `default`; redis-cli 7.0 takes it
# for an empty one, which is refused.
redis_cli() {
    "$(dirname "$TEST_REDIS_SERVER")/redis-cli" -u "${TEST_REDIS_URL/'://:'/'://default:'}" --no-auth-warning "$@"
}

redis_check() {
    local answer
    answer=$(redis_cli ping 2>&1) || true
    [[ $answer == PONG ]] || fail "the Redis of TEST_REDIS_URL does not answer: $answer"
}

# servers_prepare PACKAGE… — the one call of both scripts. The servers given by TEST_DATABASE_URL and
# TEST_REDIS_URL are used as they are; the programs are needed all the same, for the tests that freeze, kill and
# restart a server of their own.
servers_prepare() {
    trap servers_stop EXIT
    trap 'exit 129' HUP
    trap 'exit 130' INT
    trap 'exit 143' TERM
    local setting
    for setting in "${!CHANGQING_@}"; do # of somebody's own server: not for those that the tests start
        [[ $setting == CHANGQING_BIN ]] || unset "$setting"
    done
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/changqing-tests.XXXXXX")
    chmod 711 "$scratch" # the user postgres passes through
    programs_need postgresql redis-server "$@"
    # Rushes open thousands of sockets; the usual soft limit is 1024.
    ulimit -Sn 65536 2>/dev/null || ulimit -Sn "$(ulimit -Hn)"
    export TEST_PG_USER=''
    if ((EUID == 0)); then
        TEST_PG_USER=postgres
        id postgres >/dev/null 2>&1 || TEST_PG_USER=nobody
    fi
    if [[ -n ${TEST_DATABASE_URL:-} ]]; then postgres_check; else postgres_start; fi
    if [[ -n ${TEST_REDIS_URL:-} ]]; then redis_check; else redis_start; fi
}

# ---- running and ending --------------------------------------------------------------------------------------

# run_job LOG COMMAND… — runs it with its output here and in LOG, in a process group of its own, so that ending us
# ends it at once and whole. The status is the command's.
run_job() {
    local log=$1 status=0
    shift
    set -m
    (
        set -o pipefail
        trap : HUP INT TERM # the command ends by them; we stay until it has
        "$@" 2>&1 </dev/null | (
            trap '' HUP INT TERM # lives until the last word is said
            exec tee "$log"
        )
    ) &
    job=$!
    set +m
    wait "$job" || status=$?
    job=''
    return "$status"
}

# program_built — where `cargo build` leaves the program.
program_built() {
    printf '%s/debug/changqing' "$(cargo metadata --no-deps --format-version 1 --locked |
        sed -nE 's/.*"target_directory":"([^"]*)".*/\1/p')"
}

# end_process PID — asks it to finish, then insists.
end_process() {
    kill -TERM "$1" 2>/dev/null || return 0
    kill -CONT "$1" 2>/dev/null # a test may have frozen it
    until_true 20 ended "$1" || kill -KILL "$1" 2>/dev/null
    wait "$1" 2>/dev/null
    return 0
}

servers_stop() {
    local status=$? i
    trap - EXIT
    trap '' HUP INT TERM
    set +e
    if [[ -n $job ]]; then
        kill -TERM -- "-$job" 2>/dev/null
        until_true 60 ended "$job"
        kill -KILL -- "-$job" 2>/dev/null # whatever of it did not listen
    fi
    for ((i = ${#server_pids[@]} - 1; i >= 0; i--)); do
        end_process "${server_pids[i]}"
    done
    [[ -n $at_stop ]] && "$at_stop"
    if [[ -n $postgres_folder ]]; then
        as_postgres "$TEST_PG_BIN/pg_ctl" stop --pgdata="$postgres_folder" --mode=immediate --silent >/dev/null 2>&1
    fi
    [[ -n $scratch ]] && rm -rf "$scratch"
    exit "$status"
}
