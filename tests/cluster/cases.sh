# shellcheck shell=bash
# What the cases have in common, beside tests/case.sh. They are root of the host in front; `user` runs
# what the one does who has jobs, in T, which is the same folder on all hosts.
. "$W/tests/case.sh"
. "$W/tests/cluster/files"

# shellcheck disable=SC2034 # for the cases
PRELOAD=libnsshim.so
cp "$W/tests/cluster/task" . && mkdir tried && chown user: tried

# Root's command on a host.
on() { # HOST COMMAND...
	local pid
	pid=$(pgrep -f "^bash $W/tests/cluster/host $1 ") && shift && nsenter --target "$pid" --all "$@"
}
host_net() { # HOST
	on "$1" readlink /proc/self/ns/net
}
HOST_NETS=$(host_net one)$'\n'$(host_net two)

# The command starts two tasks on `one` and two on `two`, which want one port at the same time.
tasks() {
	rm -f tried/*
	run user timeout 60 "$@"
	TASKS=$(grep -E '^(one|two) net:' <<<"$OUT")
}
expect_each_own() { # WHAT: COMMAND of tasks
	expect_eq "$1: exit status" 0 "$RC"
	expect_eq "$1: who served where" $'one served\none served\ntwo served\ntwo served' "$(sort <<<"$TASKS" | cut -d ' ' -f 1,3)"
	expect_eq "$1: how many networks" 4 "$(cut -d ' ' -f 2 <<<"$TASKS" | sort -u | wc -l)"
	expect_eq "$1: in the network of a host" '' "$(grep -F "$HOST_NETS" <<<"$TASKS")"
	[ "$FAILED" = 0 ] || echo "$ERR"
}
expect_none_own() { # WHAT
	expect_eq "$1: who has the port" $'one served\none taken\ntwo served\ntwo taken' "$(sort <<<"$TASKS" | cut -d ' ' -f 1,3 | sort)"
	expect_eq "$1: in the network of a host" 4 "$(grep -cF "$HOST_NETS" <<<"$TASKS")"
}
