#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

hold "${OWN[@]}" --net --uts
file=$T/daemon.pid
rule="match = state; join = pidfile:$file"
inside=$(ns_of net "$HELD")$'\n'$(ns_of uts "$HELD")

# FORMAT of printf.
for text in '%d\n' '%d' ' %d ' '\n\t%d\r\n\n' '00%d\n'; do
	# shellcheck disable=SC2059 # a format on purpose
	printf "$text" "$HELD" >"$file"
	for way in $WAYS; do
		run shim "$rule" "$door" "${way%:*}" "${way#*:}" "$state" ns:net ns:uts
		expect_eq "'$text', $way" "$inside" "$OUT"
		expect_silent "'$text', $way"
	done
done

# WHAT ERRNO LINE: how the doors tell of the file as it is.
refused() {
	local way
	for way in execve:direct execve:fork execve:vfork execve:direct+threads posix_spawn:direct; do
		run shim "$rule" "$door" "${way%:*}" "${way#*:}" "$state" ns:net
		expect_eq "$1, $way" "${way%:*}: $2 outside" "$OUT"
		expect_line "$1, $way" "^nsshim: \[rule\] $3"
	done
	run shim "$rule" "$door" raw fork "$state" ns:net
	expect_eq "$1, at load" '' "$OUT"
	expect_eq "$1, at load: exit status" 126 "$RC"
	expect_line "$1, at load" "^nsshim: \[rule\] $3"
	run shim "$rule; on_error = continue" "$door" execve fork "$state" ns:net
	expect_eq "$1, on_error = continue" "$(ns_of net)" "$OUT"
	expect_line "$1, on_error = continue" "^nsshim: \[rule\] .*executed outside"
}
for text in '' '\n' 'x' "$HELD x" "$HELD $HELD" "-$HELD" "+$HELD" 0 4194305 99999999999999999999 "$HELD\\0" \
	"$HELD                                                                        "; do
	printf "%b" "$text" >"$file"
	refused "'$text'" EINVAL "read $file: .*\(EINVAL\): there is no process id in it"
done
rm "$file"
refused 'missing' ENOENT "open $file: .*\(ENOENT\): there is no such pidfile"
mkdir "$file"
refused 'a folder' EINVAL "open $file: .*no regular file"
rmdir "$file"
mkfifo "$file"
refused 'a fifo' EINVAL "open $file: .*no regular file"
rm "$file"

# The process that wrote it has ended.
sleep 0 &
gone=$!
wait "$gone"
echo "$gone" >"$file"
refused 'gone' ENOENT "join /proc/$gone: .*\(ENOENT\): there is no such process"

# Its number is another's: that one is younger than the file.
echo "$HELD" >"$file"
touch -d '3 seconds ago' "$file"
sleep 3
hold "${OWN[@]}" --net --uts
echo "$HELD" >"$file"
touch -d '3 seconds ago' "$file"
refused 'another' ENOENT "join $file: .*\(ENOENT\): the process that it names has ended: $HELD is another"
touch -d '1 second ago' "$file"
run shim "$rule" "$door" execve fork "$state" ns:net
expect_eq 'a file that is a little older' "$(ns_of net "$HELD")" "$OUT"
touch "$file"
run shim "$rule" "$door" execve fork "$state" ns:net
expect_eq 'a file of now' "$(ns_of net "$HELD")" "$OUT"
touch -d 'tomorrow' "$file"
run shim "$rule" "$door" execve fork "$state" ns:net
expect_eq 'a file of tomorrow' "$(ns_of net "$HELD")" "$OUT"
touch "$file"

# What a process calls itself is no obstacle.
name=$T/'a) 5 (b'
cp "$(type -P sleep)" "$name"
unshare "${OWN[@]}" --net -- "$name" 1000 &
HELD=$!
HOLDERS+=("$HELD")
await 'a) 5 (b' "$HELD"
echo "$HELD" >"$file"
run shim "$rule" "$door" execve fork "$state" ns:net
expect_eq 'a name with parentheses' "$(ns_of net "$HELD")" "$OUT"

# Root believes what only root can write.
[ -n "$ROOT" ] || exit "$FAILED"
chmod 666 "$file"
refused 'all may write it' EPERM "trust $file: .*others may write it"
chmod 644 "$file"
chown 12345 "$file"
refused 'it is another'\''s' EPERM "trust $file: .*uid 12345 owns it"
