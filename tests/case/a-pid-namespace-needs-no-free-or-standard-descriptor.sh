#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

rule='match = state; pid = new; mnt = new; uid_map = self; gid_map = self'
for way in posix_spawn:direct execve:fork execve:vfork raw:fork; do
	set -- "${way%:*}" "${way#*:}" "$state" ns:pid
	run shim "$rule" "$door" "$@" <&-
	expect_eq "$way, descriptor 0 closed: exit status" 0 "$RC"
	expect_not "$way, descriptor 0 closed" "$(ns_of pid)" "$OUT"
	expect_silent "$way, descriptor 0 closed"
	run shim "$rule" "$door" -f "$@"
	expect_eq "$way, every descriptor in use: exit status" 0 "$RC"
	expect_not "$way, every descriptor in use" "$(ns_of pid)" "$OUT"
	expect_silent "$way, every descriptor in use"
	# And nothing is left of one that inherited none of the three.
	(shim "$rule" "$PROG/reap" 20 "$door" "${@:1:3}" exit:7 <&- >&- 2>&-)
	expect_eq "$way, without the three standard ones" 7 $?
done

# Where the hard limit leaves some: eight are enough, and three for what is spawned. With less it
# fails as what it is, or succeeds; nothing runs outside, and nothing is left (reap).
for user in '' 'user = new; '; do
	for free in 0 1 2 3 4 5 6 7 8; do
		for way in posix_spawn:direct execve:fork execve:direct execve:vfork+threads raw:fork pidfd_spawn; do
			what="$user$way, $free free"
			program=("$door" "-f$free" "${way%:*}" "${way#*:}")
			case $way in pidfd*) program=("$PROG/pidfd" "-f$free" "$way") ;; esac
			run shim "$user$rule" "$PROG/reap" 20 prlimit --nofile=24:24 "${program[@]}" "$state" ns:pid exit:7
			case $OUT in
			"$(ns_of pid)"*) fail "$what: it ran outside" ;;
			pid:*)
				expect_silent "$what"
				case $way in
				pidfd*) expect_like "$what" $'\npidfd_spawn: status 7$' "$OUT" ;;
				*) expect_eq "$what: status" 7 "$RC" ;;
				esac
				;;
			*)
				enough=8
				case $way in *spawn*) enough=3 ;; esac
				[ $free -lt $enough ] || fail "$what: not started: $OUT"
				# Half inside a user namespace, there is no way back.
				[ "$RC$OUT" = 126 ] || expect_like "$what" "^${way%:*}: EMFILE( outside)?\$" "$OUT"
				# libc's own answer, where even the child's descriptor has no place.
				[ "$way$free" = pidfd_spawn0 ] || expect_line "$what" '^nsshim: \[rule\] .*EMFILE.*ulimit -n'
				;;
			esac
		done
	done
done
