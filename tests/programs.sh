# shellcheck shell=bash
# Sourced by tests/servers.sh: finds the programs that the tests need, and installs what is missing as a Debian package.
#
# Invariant: after `programs_need` each of them is there, its path in its variable; else the script has failed and said
# what to install. Uses `say`, `fail` and `$scratch` of tests/servers.sh.

# Each finder leaves the path in its variable and says whether it found it. What was given from outside is not replaced
# by something else; `programs_given` has seen to it that it is right.

programs_given() {
    local name
    [[ -z ${TEST_PG_BIN:-} || -x $TEST_PG_BIN/initdb ]] || fail "TEST_PG_BIN: no initdb in $TEST_PG_BIN"
    for name in TEST_REDIS_SERVER TEST_HAPROXY TEST_CHROMIUM TEST_CHROMEDRIVER; do
        [[ -z ${!name:-} ]] || command -v "${!name}" >/dev/null || fail "$name: no program at ${!name}"
    done
}

postgres_major() { "$1/postgres" --version 2>/dev/null | sed -En 's/^[^0-9]*([0-9]+).*/\1/p'; }

find_postgresql() {
    local folder program major candidates=()
    if [[ -n ${TEST_PG_BIN:-} ]]; then
        candidates=("$TEST_PG_BIN")
    else
        program=$(command -v postgres) && candidates+=("$(dirname "$(readlink -f "$program")")")
        # Debian keeps each version in a folder of its own, outside PATH. Newest first.
        mapfile -t -O "${#candidates[@]}" candidates < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV)
        candidates+=(/usr/local/pgsql/bin)
    fi
    for folder in "${candidates[@]}"; do
        for program in postgres initdb pg_ctl psql; do
            [[ -x $folder/$program ]] || continue 2
        done
        major=$(postgres_major "$folder")
        if ((${major:-0} >= 15)); then
            export TEST_PG_BIN=$folder
            return
        fi
    done
    return 1
}

# find_program VARIABLE CANDIDATE… — the first candidate that can be run.
find_program() {
    local -n found=$1
    local candidate candidates=("${@:2}")
    [[ -z ${found:-} ]] || candidates=("$found")
    for candidate in "${candidates[@]}"; do
        if candidate=$(command -v "$candidate"); then
            export "${!found}=$candidate"
            return
        fi
    done
    return 1
}

find_redis-server() { find_program TEST_REDIS_SERVER redis-server; }
find_haproxy() { find_program TEST_HAPROXY haproxy /usr/sbin/haproxy; }
find_chromium() { find_program TEST_CHROMIUM chromium chromium-browser google-chrome; }
find_chromium-driver() { find_program TEST_CHROMEDRIVER chromedriver /usr/lib/chromium/chromedriver; }

# programs_missing PACKAGE… — those of the packages (named as in Debian) whose program is not on this machine.
programs_missing() {
    local package
    for package in "$@"; do
        "find_$package" || printf '%s\n' "$package"
    done
}

# programs_need PACKAGE… — afterwards the programs of these Debian packages are there, or we have failed.
programs_need() {
    local package missing
    programs_given
    mapfile -t missing < <(programs_missing "$@")
    if ((${#missing[@]})); then
        packages_install "${missing[@]}"
    fi
    for package in "$@"; do # once more in this shell, for the variables
        "find_$package" || fail "no usable $package on this machine, nor after installing it (PostgreSQL must be 15 or newer)"
    done
}

packages_install() {
    local as_root=() log=$scratch/install.log by_hand="sudo apt-get update && sudo apt-get install -y --no-install-recommends $*"
    command -v apt-get >/dev/null || fail "not on this machine: $* (the names of the Debian packages)"
    if ((EUID != 0)); then
        # Ask for a password only where somebody can type it.
        if ! command -v sudo >/dev/null || ! { sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]; }; then
            fail "not on this machine: $*. Install it with:
    $by_hand"
        fi
        as_root=(sudo)
    fi
    say "installing $*"
    if [[ " $* " == *' postgresql '* ]]; then
        # We start our own servers; do not let the package make a cluster and start it.
        # shellcheck disable=SC2016 # the inner shell expands $settings
        "${as_root[@]}" sh -c 'settings=/etc/postgresql-common/createcluster.conf
            [ -e "$settings" ] || { mkdir -p "${settings%/*}" && echo "create_main_cluster = false" >"$settings"; }'
    fi
    # An update that fails (one dead source of many) may still leave lists that know the packages.
    "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 update >"$log" 2>&1 ||
        printf 'apt-get update failed; going on with the lists there are:\n%s\n' "$(tail -n 5 "$log")"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 \
        apt-get -y --no-install-recommends -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confold install "$@" \
        </dev/null >"$log" 2>&1 || fail "could not install $*:
$(tail -n 20 "$log")
By hand:
    $by_hand"
}
