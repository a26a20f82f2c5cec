#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# Inside, a name is what is there then: the target, the folder it is in, its interpreter.
mkdir bin other
cat >bin/tool <<'END'
#!/bin/sh
echo outside
END
cat >other/tool <<'END'
#!/bin/sh
echo inside
END
printf '#!%s/bin/interp\n' "$T" >bin/script
cp /bin/echo other/interp
chmod 755 bin/* other/*
export PATH=$T/bin:$PATH
for pid in '' 'pid = new; '; do
	for way in $WAYS execvp:fork posix_spawnp:direct system:direct; do
		case $way in raw:*) continue ;; *p:*) name=tool ;; *) name=$T/bin/tool ;; esac
		for over in "$T/other/tool $T/bin/tool" "$T/other $T/bin"; do
			run shim "match = */tool; ${pid}bind = $over" "$door" "${way%:*}" "${way#*:}" "$name"
			expect_eq "$pid$over, $way" inside "$OUT"
			expect_silent "$pid$over, $way"
		done
		# There only inside, and no more there.
		run shim "match = */nobody; ${pid}bind = $T/other $T/bin" "$door" "${way%:*}" "${way#*:}" "${name%tool}nobody"
		expect_unlike "$pid$way: there nowhere" 'nsshim' "$ERR"
		expect_not "$pid$way: there nowhere" 0 "$RC"
		run shim "match = */interp; ${pid}bind = $T/other $T/bin" "$door" "${way%:*}" "${way#*:}" "${name%tool}interp" hello
		expect_eq "$pid$way: there only inside" hello "$OUT"
		run shim "match = */tool; ${pid}hide = $T/bin" "$door" "${way%:*}" "${way#*:}" "$name"
		expect_unlike "$pid$way: hidden" '^(in|out)side' "$OUT"
		expect_not "$pid$way: hidden" 0 "$RC"
	done
	# An interpreter that is there only inside; and one that is not.
	run shim "match = */script; ${pid}tmpfs = $T/bin; bind = $T/other/interp $T/bin/interp; file = $T/bin/script x; bind = $T/bin2 $T/none optional" \
		"$door" posix_spawn direct "$T/bin/script"
	expect_not "$pid: a text that may not be executed" 0 "$RC"
	run shim "match = */script; ${pid}file = $T/bin/interp x" "$door" posix_spawn direct "$T/bin/script"
	expect_not "$pid: no interpreter inside" 0 "$RC"
done
for way in execve:fork execve:vfork posix_spawn:direct posix_spawnp:direct execvp:fork; do
	cp bin/script other/script
	run shim "match = */script; bind = $T/other $T/bin" "$door" "${way%:*}" "${way#*:}" "$T/bin/script"
	expect_eq "an interpreter that is there only inside, $way" "$T/bin/script" "$OUT"
	expect_silent "an interpreter that is there only inside, $way"
done
# A program that enters when it is loaded is the one that was loaded.
cp "$state" bin/prog
run shim "match = */prog; bind = $T/other $T/bin" "$door" raw fork "$T/bin/prog" ns:mnt "open:$T/bin/interp"
expect_not 'loaded: mnt' "$(ns_of mnt)" "${OUT%%$'\n'*}"
expect_eq 'loaded: files' 'open ok' "${OUT#*$'\n'}"
