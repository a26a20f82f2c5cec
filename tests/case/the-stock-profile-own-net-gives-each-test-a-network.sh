#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

use_stock own-net

host=$(ns_of net)
cp "$state" plain
for folder in test tests t; do
	mkdir -p "$folder/unit"
	cp "$state" "$folder/first"
	cp "$state" "$folder/unit/second"
	printf '#!/bin/sh\n../plain ns:net\n' >"$folder/script"
	chmod 755 "$folder/script"
	printf '%s\n' all: $'\t@./first ns:net lo' $'\t@cd unit; ./second ns:net lo' $'\t@./script' \
		$'\t@cd ..; ./plain ns:net' >"$folder/Makefile"
	run stock make -s -C "$folder"
	expect_eq "$folder: exit status" 0 "$RC"
	expect_silent "$folder"
	mapfile -t line <<<"$OUT"
	expect_eq "$folder: lo" 'lo up lo up' "${line[1]-} ${line[3]-}"
	for i in 0 2 4; do
		expect_like "$folder: line $i" '^net:' "${line[i]-}"
		expect_not "$folder: line $i" "$host" "${line[i]-}"
	done
	expect_eq "$folder: what is no test" "$host" "${line[5]-}"
done
