#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

sets() { # TEXT WAY: the five sets of a program inside, as the kernel shows them
	run shim "match = grep; $1" "$door" "${2%:*}" "${2#*:}" "$(command -v grep)" -E '^(Cap|NoNewPrivs)' /proc/self/status
	SETS=$(sed -n 's/^Cap...:\t*0*/=/p' <<<"$OUT" | uniq)
	AMB=$(sed -n 's/^CapAmb:\t*0*//p' <<<"$OUT")
}
# An id that is not 0, in a namespace of its own, or, of root, outside.
other='user = new; uid_map = self; gid_map = self; net = new'
[ -z "$ROOT" ] || other='uid = 3; gid = 3; groups = none; net = new'
for way in $WAYS; do
	sets "$other; caps = CAP_NET_ADMIN,net_raw" "$way"
	expect_eq "$way: exactly these, in all five sets" =3000 "$SETS"
	expect_silent "$way: exactly these"
	sets "$other; caps = drop" "$way"
	expect_eq "$way: none in any set" = "$SETS"
	sets "$other; caps = keep" "$way"
	expect_like "$way: all are kept" '^1ff' "$AMB"
	expect_eq "$way: all are kept" "$(sed -n 's/^CapEff:\t*0*//p' <<<"$OUT")" "$AMB"
	sets "$other" "$way"
	expect_eq "$way: an exec leaves none" '' "$AMB$(sed -n 's/^CapPrm:\t*0*//p' <<<"$OUT")"
	# And uid 0, which has all that it may have.
	sets 'user = new; caps = drop' "$way"
	expect_eq "$way: uid 0 has none" = "$SETS"
	sets 'user = new; caps = kill,Cap_Chown' "$way"
	expect_eq "$way: uid 0 has these" =21 "$SETS"
	sets 'user = new; caps = ~kill,Cap_Chown' "$way"
	expect_like "$way: uid 0 has all but these" '^=1f+de$' "$SETS"
done
sets "$other; pid = new; mnt = new; caps = net_admin" posix_spawn:direct
expect_eq 'in a pid namespace' =1000 "$SETS"

# They are what they are called.
run inside "$other; caps = net_admin" ip link set lo down
expect_silent 'an interface is changed with net_admin'
run inside "$other" ip link set lo down
expect_like 'and not without' 'not permitted' "$ERR"

# Securebits.
for text in "$other; caps = setpcap,kill" 'user = new'; do
	run inside "$text; securebits = noroot,no-cap-ambient-raise,no_setuid_fixup-locked" capsh --print
	expect_like "$text: securebits" "Securebits: 0111/0x49/" "$OUT"
done
run inside 'user = new; securebits = no-setuid-fixup,keep-caps,no-cap-ambient-raise-locked' python3 -c '
import ctypes
print(hex(ctypes.CDLL(None).prctl(27)))'
expect_eq 'each by its name, but what an exec clears' 0x84 "$OUT"
for way in execve:direct posix_spawn:direct raw:fork; do
	sets 'user = new; securebits = noroot' "$way"
	expect_eq "$way: uid 0 is nobody in particular" '' "$(sed -n 's/^Cap\(Prm\|Eff\):\t*0*//p' <<<"$OUT" | tr -d '\n')"
done
run inside 'no_new_privs = yes' grep NoNewPrivs /proc/self/status
expect_eq 'no_new_privs' $'NoNewPrivs:\t1' "$OUT"
run inside 'no_new_privs = no' grep NoNewPrivs /proc/self/status
expect_eq 'no no_new_privs' $'NoNewPrivs:\t0' "$OUT"

# What who enters does not have he cannot leave.
refused() { # TEXT REGEX
	for way in posix_spawn:direct execve:direct+threads; do
		run shim "match = state; $1" "${BY[@]}" "$door" "${way%:*}" "${way#*:}" "$state" ids
		expect_like "$way: $1" "^${way%:*}: EPERM" "$OUT"
		expect_line "$way: $1" "$2"
	done
	# There is no way back for the process itself.
	run shim "match = state; $1" "${BY[@]}" "$door" execve vfork "$state" ids
	expect_eq "execve: $1" 126: "$RC:$OUT"
	expect_line "execve: $1" "$2"
}
BY=()
[ -z "$ROOT" ] || BY=(setpriv --reuid=12345 --regid=12345 --clear-groups --inh-caps=-all)
refused 'caps = net_admin' '\[rule\] capset net_admin: .*EPERM.*does not have all of them.*user = new'
refused 'caps = drop' '\[rule\] prctl PR_CAPBSET_DROP: .*EPERM.*CAP_SETPCAP.*user = new'
refused 'securebits = noroot' '\[rule\] prctl PR_SET_SECUREBITS: .*EPERM.*CAP_SETPCAP.*user = new'
