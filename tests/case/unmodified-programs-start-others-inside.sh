#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

host=$(ns_of net)
export state T

# A command, and how many lines of the network it prints. None of the programs is ours.
count=0 absent=
parent() { # HOW_MANY WHAT COMMAND...
	local many=$1 what=$2
	shift 2
	if ! command -v "$1" >/dev/null; then
		case " $absent" in *" $1 "*) ;; *) absent="$absent$1 " ;; esac
		return
	fi
	count=$((count + 1))
	run shim 'match = state; net = new' "$@"
	local nets
	nets=$(grep -o 'net:\[[0-9]*\]' <<<"$OUT" || true)
	expect_eq "$what: how many ran" "$many" "$(grep -c . <<<"$nets")"
	expect_eq "$what: how many of them outside" 0 "$(grep -cxF "$host" <<<"$nets")"
	expect_eq "$what: standard error" '' "$(grep -v '^net:' <<<"$ERR")"
	run shim 'match = nothing; net = new' "$@"
	nets=$(grep -o 'net:\[[0-9]*\]' <<<"$OUT" || true)
	expect_eq "$what: how many outside without a rule for it" "$many" "$(grep -cxF "$host" <<<"$nets")"
}

for shell in sh dash bash zsh ksh mksh busybox; do
	set -- "$shell"
	[ "$shell" != busybox ] || set -- busybox sh
	parent 1 "$shell, in place" "$@" -c 'exec "$state" ns:net'
	parent 2 "$shell, children" "$@" -c '"$state" ns:net; "$state" ns:net; :'
	parent 1 "$shell, a pipe" "$@" -c '"$state" ns:net | cat'
	parent 1 "$shell, a substitution" "$@" -c 'echo "$("$state" ns:net)"'
	parent 1 "$shell, in the background" "$@" -c '"$state" ns:net & wait'
	parent 1 "$shell, a subshell" "$@" -c '("$state" ns:net)'
	parent 1 "$shell, a here-document" "$@" -c '"$state" ns:net <<END; :
text
END'
	parent 1 "$shell, an environment of its own" "$@" -c 'env -i "$state" ns:net; :'
done

printf 'all: one two three\none two three:\n\t@"$(state)" ns:net\nfour: ; @"$(state)" ns:net | cat; :\n' >Makefile
parent 3 'make -j4' make -j4
parent 1 'make, through a shell' make four
printf 'rule r\n  command = $state ns:net\nbuild one: r\nbuild two: r\n' >build.ninja
sed -i "s|\$state|$state|" build.ninja
parent 2 'ninja' ninja -v

cat >start.py <<'END'
import asyncio, multiprocessing, os, pty, subprocess, sys
state = os.environ["state"]
how, run = sys.argv[1], [state, "ns:net"]
if how == "run":
    subprocess.run(run, check=True)
elif how == "posix_spawn":
    subprocess.run(run, close_fds=False, check=True)
elif how == "env":
    subprocess.run(run, env={"A": "1"}, check=True)
elif how == "preexec":
    subprocess.run(run, preexec_fn=lambda: None, check=True)
elif how == "shell":
    subprocess.run('"$state" ns:net; :', shell=True, check=True)
elif how == "system":
    sys.exit(os.system('"$state" ns:net'))
elif how == "popen":
    print(os.popen('"$state" ns:net').read(), end="")
elif how == "spawnv":
    os.spawnv(os.P_WAIT, state, run)
elif how == "spawnvpe":
    os.spawnvpe(os.P_WAIT, state, run, {})
elif how == "os.posix_spawn":
    os.waitpid(os.posix_spawn(state, run, {}), 0)
elif how == "execv":
    os.execv(state, run)
elif how == "pty":
    pty.spawn(run)
elif how == "asyncio":
    async def main():
        await (await asyncio.create_subprocess_exec(*run)).wait()
    asyncio.run(main())
elif how == "threads":
    import threading, time
    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    subprocess.run(run, check=True)
    subprocess.run(run, close_fds=False, check=True)
    os.execv(state, run)
elif how == "forkserver":
    context = multiprocessing.get_context("forkserver")
    p = context.Process(target=subprocess.run, args=(run,))
    p.start()
    p.join()
END
for how in run posix_spawn env preexec shell system popen spawnv spawnvpe os.posix_spawn execv pty asyncio; do
	parent 1 "python3, $how" python3 start.py $how
done
parent 3 'python3, several threads' python3 start.py threads

parent 1 'perl, a list' perl -e 'system($ENV{state}, "ns:net")'
parent 1 'perl, a string' perl -e 'system("\"\$state\" ns:net; :")'
parent 1 'perl, backticks' perl -e 'print `$ENV{state} ns:net`'
parent 1 'perl, exec' perl -e 'exec($ENV{state}, "ns:net")'
parent 1 'perl, a pipe' perl -e 'open(P, "-|", $ENV{state}, "ns:net"); print <P>'
parent 1 'perl, no environment' perl -e '$s = $ENV{state}; %ENV = (); system($s, "ns:net")'
parent 1 'git' git -c 'alias.t=!"$state" ns:net' t
parent 1 'xargs' xargs -a /dev/null "$state" ns:net
parent 2 'find -exec' find Makefile start.py -exec "$state" ns:net ';'
parent 1 'find -exec +' find Makefile start.py -exec sh -c '"$state" ns:net; :' {} +
parent 1 'env' env A=1 "$state" ns:net
parent 1 'env -i' env -i "$state" ns:net
parent 1 'timeout' timeout 20 "$state" ns:net
parent 1 'nice' nice -n 1 "$state" ns:net
parent 1 'nohup' nohup "$state" ns:net
parent 1 'setsid' setsid -w "$state" ns:net
parent 1 'stdbuf' stdbuf -oL "$state" ns:net
parent 1 'flock' flock "$T/lock" "$state" ns:net
parent 1 'script' script -qec "$state ns:net" /dev/null
parent 1 'awk, system' awk 'BEGIN { system(ENVIRON["state"] " ns:net") }'
parent 1 'awk, a pipe' awk 'BEGIN { c = ENVIRON["state"] " ns:net"; while ((c | getline l) > 0) print l }'
parent 1 'sed, e' sed '1e "$state" ns:net' Makefile
tar -cf x.tar Makefile
parent 1 'tar, a filter' tar -xf x.tar --to-command='"$state" ns:net'
parent 1 'setpriv' setpriv --no-new-privs "$state" ns:net
parent 1 'unshare' unshare --user "$state" ns:net
parent 1 'strace' strace -f -o /dev/null "$state" ns:net
parent 1 'strace, of what starts it' strace -f -o /dev/null sh -c '"$state" ns:net; :'
parent 1 'gdb' gdb -q -batch -ex run -ex quit --args "$state" ns:net
parent 1 'bwrap' bwrap --dev-bind / / "$state" ns:net
parent 1 'ruby' ruby -e 'system(ENV["state"], "ns:net")'
parent 1 'node' node -e 'require("child_process").spawnSync(process.env.state, ["ns:net"], { stdio: "inherit" })'
parent 1 'gawk' gawk 'BEGIN { system(ENVIRON["state"] " ns:net") }'
[ -z "$absent" ] || skip_part "not installed: ${absent% }"
[ "$count" -gt 60 ] || fail "only $count parents were tried"
