#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Without an argument a program that tells its network; with one, the parent of that program, which
# it starts by system calls of its own, and with `scrub` without an environment.
cat >static.c <<'END'
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>
extern char **environ;
int main(int argc, char **argv)
{
	char net[64] = { 0 }, *none[] = { NULL }, *child[] = { argv[1], NULL };
	if (argc < 2)
		return readlink("/proc/self/ns/net", net, sizeof net - 1) < 0 || puts(net) < 0;
	if (!fork()) {
		syscall(SYS_execve, argv[1], child, argc > 2 ? none : environ);
		_exit(127);
	}
	return wait(NULL) < 0;
}
END
cc -o dynamic static.c && cc -static -o static static.c || exit 1
host=$(ns_of net)
where() { # WHAT inside|outside PROGRAM...
	local what=$1 wanted=$2
	shift 2
	run shim 'match = dynamic-child; match = static-child; net = new; uid_map = self; gid_map = self' "$@"
	expect_like "$what" '^net:' "$OUT"
	if [ "$wanted" = inside ]; then
		expect_not "$what" "$host" "$OUT"
	else
		expect_eq "$what" "$host" "$OUT"
	fi
	expect_silent "$what"
}
for kind in dynamic static; do
	cp $kind $kind-child
done

# A static program is entered where a door starts it.
where 'a static target' inside sh -c './static-child; true'
# Past the doors, the dynamic one enters at load, the static one not at all.
where 'a raw system call, a dynamic target' inside sh -c './dynamic ./dynamic-child; true'
where 'a raw system call, a static target' outside sh -c './dynamic ./static-child; true'
where 'a raw system call without an environment' outside sh -c './dynamic ./dynamic-child scrub; true'
# A static parent passes on what its environment has.
where 'a static parent' inside sh -c './static ./dynamic-child; true'
# Wrapped itself, it hands the variables to what is then the wrapped program, and stays outside.
where 'a static program, wrapped itself' outside ./static ./dynamic-child
