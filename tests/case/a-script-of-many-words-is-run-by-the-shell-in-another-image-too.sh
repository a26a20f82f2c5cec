#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# A vfork child does not enter by itself: the words that execvp then has for the shell are many more
# than what a stack is made for.
cat >words.c <<'END'
#define _GNU_SOURCE
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	static char *words[20002];
	int status;
	pid_t pid;

	for (int i = 0; i < 20001; i++)
		words[i] = argv[argc - 1];
	pid = vfork();
	if (!pid) {
		execvp(argv[1], words);
		_exit(99);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
END
cc -O1 -o words words.c || exit 1
printf 'echo $# $1\nexit 7\n' >script && chmod 755 script
for rule in '' 'pid = new; mnt = new' 'pid = new; mnt = new; user = new'; do
	run shim "match = script; net = new; uid_map = self; gid_map = self; $rule" ./words "$T/script"
	expect_silent "$rule"
	expect_eq "$rule" "20000 $T/script" "$OUT"
	expect_eq "$rule: status" 7 "$RC"
done
