#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# By every door: what is set, unset by a pattern, or all that is cleared; and the argument 0.
rule='net = new; env = NEW=one; env = OLD=two words; env = NEW=last; env = EMPTY=; unsetenv = GO*; unsetenv = [A-B]X; arg0 = other name'
wanted=$'EMPTY=\nKEPT=kept\nNEW=last\nOLD=two words'
given=(env -i KEPT=kept OLD=1 GONE=1 GO=1 AX=1 LD_PRELOAD="$LIB")
looks() { # WHAT
	expect_eq "$1" "$wanted" "$(tr '\0' '\n' <<<"$OUT" | grep -E '^(KEPT|OLD|NEW|EMPTY|GO|AX|LD_PRELOAD|NSSHIM)' | sort)"
}
"${given[@]}" true || exit 1
cat >look.c <<'END'
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
int main(int argc, char **argv, char **envp)
{
	for (char **e = environ; *e; e++)
		puts(*e);
	printf("argv0 %s %d %s\n", argv[0], argc, envp == environ ? "the same" : "another");
	printf("libc's %s\n", program_invocation_name);
}
END
cc -o look look.c || fail 'cc'
for door in exec spawn load image; do
	case $door in
	exec) more='' how=(execve fork) ;;
	spawn) more='' how=(posix_spawn direct) ;;
	load) more='; when = load' how=(execve fork) ;;
	image) more='; pid = new; mnt = new' how=(execve vfork) ;;
	esac
	run "${given[@]}" NSSHIM_PROFILE="$(profile "match = look; $rule$more")" "$PROG/door" "${how[@]}" ./look a b
	looks "$door"
	expect_like "$door: its name" 'argv0 other name 3 the same' "$OUT"
	# What libc has noted before the constructor.
	case $door in load) name=look ;; *) name='other name' ;; esac
	expect_like "$door: its name as libc has it" "libc's $name\$" "$OUT"
	run "${given[@]}" NSSHIM_PROFILE="$(profile "match = look; clearenv = yes; env = A=b; net = new$more")" "$PROG/door" "${how[@]}" ./look
	expect_eq "$door: cleared" $'A=b\nargv0 look 1 the same\nlibc\'s look' "$OUT"
done

# At load the kernel's own copies are those of before.
run "${given[@]}" NSSHIM_PROFILE="$(profile 'match = cat; when = load; clearenv = yes; arg0 = other')" \
	sh -c 'for of in environ cmdline; do cat /proc/self/$of | tr "\0" " "; echo; done'
expect_like 'at load: environ' KEPT=kept "$(sed -n 1p <<<"$OUT")"
expect_like 'at load: cmdline' '^cat /proc/self/cmdline' "$(sed -n 2p <<<"$OUT")"

# What is no address is the exec's to refuse.
cat >bad.c <<'END'
#include <errno.h>
#include <stdio.h>
#include <unistd.h>
int main(void)
{
	char *good[] = { "A=b", NULL }, *bad[] = { "A=b", (char *)8, NULL };
	execve("/bin/true", good, bad);
	printf("%d", errno == EFAULT);
	execve("/bin/true", bad, good);
	printf("%d", errno == EFAULT);
	return 0;
}
END
cc -w -o bad bad.c || fail 'cc'
for more in '' '; only_if = arg:1=x' '; clearenv = yes'; do
	run shim "match = true; env = X=y; unsetenv = B; arg0 = other$more" ./bad
	expect_eq "no address$more" 11 "$OUT"
done

# No namespace is needed.
run inside 'env = X=y' sh -c 'echo $X'
expect_eq 'alone' y "$OUT"

for line in 'env = X' 'env = =x' 'env = NSSHIM_PROFILE=none' 'clearenv = maybe'; do
	run inside "$line" true
	expect_eq "$line" 125 "$RC"
	expect_line "$line" "^nsshim: [^ ]*:2: ${line%% =*}: "
done
run inside 'when = fork; env = X=y; net = new' true
expect_line 'fork' '4: env: of line 3: children that only fork'
run inside 'when = fork; close_fds = all; net = new' true
expect_line 'fork, descriptors' '4: close_fds: of line 3: children that only fork'
