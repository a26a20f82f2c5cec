#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

mkdir -p config/nsshim
cp "$TESTS/../examples/own-net.ini" config/nsshim
stock() {
	XDG_CONFIG_HOME=$T/config NSSHIM_PROFILE=own-net LD_PRELOAD=$LIB "$@"
}

host=$(ns_of net)
for folder in test tests t; do
	mkdir -p "$folder/unit"
	cp "$state" "$folder/first"
	cp "$state" "$folder/unit/second"
	printf '#!/bin/sh\n"%s" ns:net\n' "$state" >"$folder/script"
	chmod 755 "$folder/script"
	printf 'all: first second script outside\nfirst:\n\t@./first ns:net lo\nsecond:\n\t@cd unit; ./second ns:net lo
script:\n\t@./script\noutside:\n\t@cd ..; "%s" ns:net\n.PHONY: all first second script outside\n' \
		"$PROG/../tests/../tests/state" >"$folder/Makefile"
done
# The build's own programs stand in a folder of that name: they count as tests too.
cp "$state" plain
for folder in test tests t; do
	sed -i 's,".*/state",./plain,' "$folder/Makefile"
	run stock make -s -C "$folder"
	expect_eq "$folder: exit status" 0 "$RC"
	expect_silent "$folder"
	mapfile -t line <<<"$OUT"
	expect_eq "$folder: lo" 'lo up lo up' "${line[1]-} ${line[3]-}"
	expect_eq "$folder: what is no test" "$host" "${line[5]-}"
	for i in 0 2 4; do
		expect_like "$folder: line $i" '^net:' "${line[i]-}"
		expect_not "$folder: line $i" "$host" "${line[i]-}"
	done
done
