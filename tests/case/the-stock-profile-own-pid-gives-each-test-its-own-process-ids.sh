#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock own-pid

host=$(ns_of pid)
id=$(id -u) gid=$(id -g)
cp "$state" plain
for folder in test tests t; do
	mkdir -p "$folder"
	cp "$state" "$folder/first"
	# One that leaves a process behind, and says what it sees.
	cat >"$folder/script" <<'END'
#!/bin/sh
sleep 1000 <&9 &
set -- /proc/[0-9]*
echo "$$ of $#, parent $PPID"
END
	chmod 755 "$folder/script"
	printf '%s\n' all: $'\t@./first ns:pid ids' $'\t@true; ./first ns:pid' $'\t@./script' \
		$'\t@true; ./script; exit $$?' $'\t@cd ..; ./plain ns:pid' >"$folder/Makefile"
	rm -f fifo
	mkfifo fifo
	exec 9<>fifo
	run stock make -s -C "$folder"
	expect_eq "$folder: exit status" 0 "$RC"
	expect_silent "$folder"
	mapfile -t line <<<"$OUT"
	for i in 0 3; do
		expect_like "$folder: line $i" '^pid:' "${line[i]-}"
		expect_not "$folder: line $i" "$host" "${line[i]-}"
	done
	expect_eq "$folder: ids" "uid $id $id $id gid $gid $gid $gid" "${line[1]-} ${line[2]-}"
	expect_eq "$folder: what a script sees, by posix_spawn" '2 of 3, parent 0' "${line[4]-}"
	expect_eq "$folder: what a script sees, by exec" '2 of 3, parent 0' "${line[5]-}"
	expect_eq "$folder: what is no test" "$host" "${line[6]-}"
	exec 9>&-
	# Nobody reads from the fifo any more: what was left behind has ended.
	for ((i = 0; i < 200; i++)); do
		run dd if=/dev/null of=fifo oflag=nonblock conv=notrunc
		[ $RC = 0 ] || break
		sleep 0.01
	done
	expect_like "$folder: what was left behind" 'No such device or address' "$ERR"
done
