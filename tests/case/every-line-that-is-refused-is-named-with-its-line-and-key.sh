#!/bin/bash
# runs: root user
. "$(dirname "$0")/../case.sh"

# nsshim.5: one line for each error, in the order of the lines, `nsshim: FILE:LINE: KEY: what is wrong`.
# All of standard error is compared; of what is wrong, that it is said.
told() { # WHAT LINE:KEY...: of the last run, whose profile is called FILE
	local what=$1 wanted='' line
	shift
	for line; do
		wanted="${wanted}nsshim: $FILE:${line%%:*}: ${line#*:}: ..."$'\n'
	done
	expect_eq "$what: exit status" 125 "$RC"
	expect_eq "$what: nothing ran" '' "$OUT"
	expect_eq "$what" "$wanted" "$(sed -E 's/^(nsshim: [^:]+:[0-9]+: [^:]+: ).+$/\1.../' <<<"$ERR")"$'\n'
}
refused() { # TEXT LINE:KEY...
	local text=$1
	shift
	FILE=$T/p.ini
	printf '%b' "$text" >"$FILE"
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$FILE" "$state" args
	told "$text" "$@"
}
# Every value in a rule of its own, all in one profile.
values_refused() { # KEY VALUE...
	local key=$1 text='' lines=() value
	shift
	for value; do
		text="${text}[${#lines[@]}]\n$key = $value\n"
		lines+=("$((2 * ${#lines[@]} + 2)):$key")
	done
	refused "$text" "${lines[@]}"
}
proposes() { # TEXT WORD: that one is proposed; no word: none is
	refused "[a]\n$1\n" "2:${1%% *}"
	if [ -n "$2" ]; then
		expect_like "$1: what is proposed" "did you mean \`$2\`" "$ERR"
	else
		expect_unlike "$1: nothing is proposed" 'did you mean' "$ERR"
	fi
}

# An unknown key or value, an empty value, a relative path.
for key in match except user mnt pid net ipc uts cgroup time uid_map gid_map setgroups fallback on_error loopback cwd proc propagation when join; do
	values=('' '; a comment' some/path)
	case $key in match | except) ;; *) values+=(what HOST New ROOT ALLOW YES None FAIL) ;; esac
	values_refused "$key" "${values[@]}"
	values_refused "${key^^}" new
	# A second value, although it is the same one.
	case $key in
	match | except | uid_map | gid_map) continue ;;
	setgroups) value=allow ;;
	fallback) value=none ;;
	on_error) value=fail ;;
	loopback) value=no ;;
	cwd) value=/ ;;
	propagation) value=slave ;;
	when) value=load ;;
	join) value=pid:1 ;;
	*) value=host ;;
	esac
	refused "[a]\n$key = $value\nmatch = x\n$key = $value\n" "4:$key"
done
proposes 'nett = new' net
proposes 'matches = x' match
proposes 'Cwd = /' cwd
proposes 'something = x' ''
proposes 'net = nwe' new
proposes 'net = HOST' host
proposes 'loopback = yse' yes
proposes 'on_error = contineu' continue
proposes 'uid_map = Self' self
proposes 'setgroups = whatever' ''
# Patterns that could fit nothing.
for key in match except; do
	values_refused "$key" dir/prog ./prog '../*' '!/x' \~/bin/x /opt/ '*/' /
done
# Kinds.
values_refused pid new netns:x
refused '[a]\npid = new\nmnt = /m\n' 3:pid
refused '[a]\npid = new\nmnt = host\n[b]\nwhen = x\n' 3:pid 5:when
values_refused ipc pid:{0,-1,+1,01,4194305,99999999999999999999,self,1x,,' 1',0x1}
values_refused net netns:{,.,..,a/b,/run/netns/a}
for kind in user mnt ipc uts cgroup time; do
	refused "[a]\n$kind = netns:vpn\n" "2:$kind"
done
# Maps.
for map in uid_map gid_map; do
	values_refused $map '0 0' 0 '0 0 1 1' '0 0 0' '0 -1 1' '+0 0 1' '00 0 1' '0 01 1' '0x1 0 1' '0,0,1' 'x 0 1' \
		'4294967295 0 1' '0 4294967295 1' '4294967294 0 2' '0 4294967000 296' '0 4294967296 1' 'root self' map
	refused "[a]\n$map = 0 0 10\n$map = 9 100 1\n$map = 100 9 1\n" "3:$map" "4:$map"
	for word in root self auto; do
		refused "[a]\n$map = $word\n$map = 0 0 1\n" "3:$map"
		refused "[a]\n$map = 0 0 1\n$map = $word\n" "3:$map"
		refused "[a]\n$map = $word\n$map = $word\n" "3:$map"
	done
	refused "[a]\nuser = pid:1\n$map = self\n" "3:$map"
	refused "[a]\n$map = 0 0 1\nuser = /proc/1/ns/user\n" 3:user
done
# Joining a process, and sharing.
values_refused join new /proc/1 pid:0 pidfile: pidfile:x netns: netns:a/b
refused '[a]\njoin = pid:1\nuid_map = self\n' 3:uid_map
refused '[a]\nnet = new\njoin = netns:a\n' 3:join
refused '[a]\njoin = netns:a\nnet = host\n' 3:net
values_refused share a/b .a 'a b' 'a,' 'a, me' "$(printf 'a%.0s' {1..33})"
refused '[a]\nshare = a\n' 2:share
refused '[a]\nnet = new\njoin = pid:1\nshare = a\n' 4:share
refused '[a]\nshare-keep = 3\nnet = new\n' 3:share-keep
for value in 0 -1 x 01 1.5 31536001; do
	refused "[a]\nnet = new\nshare = a\nshare-keep = $value\n" 4:share-keep
done
refused '[a]\npool = 3\n' 2:pool
refused '[a]\nnet = new\nshare = a\npool = 3\n' 4:pool
values_refused pool 0 65 x
# Ids, capabilities and filters.
values_refused uid '' -1 4294967295 99999999999 no-such-user 0x1 1,2 root:x
values_refused gid '' -1 4294967295 no-such-group '0 0'
values_refused groups '' , 0, ,0 0,no-such-group 0,4294967295 none,0
values_refused caps '' keep,drop net_admi CAP_ cap_chown, ,chown 'chown,,kill' all
values_refused securebits '' noroot, no-root 'noroot, keep-caps' NOROOTS
values_refused no_new_privs '' on YES 1
values_refused keep_creds '' on YES 1
values_refused landlock_ro '' usr ./x
values_refused landlock_rw '' usr ./x
values_refused seccomp '' filter.bpf deny 'deny ' 'allow read' 'deny read,' 'deny ,read' 'deny Read' 'deny read write' 'deny execve' 'deny read,execve,write' 'denyread'
for key in uid gid groups caps securebits no_new_privs keep_creds; do
	case $key in securebits) value=noroot ;; caps) value=drop ;; *privs | *creds) value=yes ;; *) value=0 ;; esac
	refused "[a]\n$key = $value\nmatch = x\n$key = $value\n" "4:$key"
done
proposes 'caps = net_admi' net_admin
proposes 'securebits = norot' noroot
refused '[a]\nkeep_creds = yes\nuid = 0\ngroups = none\n' 4:uid 4:groups
# Lines.
refused 'net = new\n# a comment\n\nuts = new\n[a]\n' 1:net 4:uts
refused '[a]\nnet\nnet: new\nnet : x = new\nnet ; = new\n= new\n=\n:\n' 2:net 3:net 4:net 5:net 6:line 7:line 8:line
refused '[a]\nnet = new\n uts = new\n\tipc = new\n  word\n' 3:uts 4:ipc 5:word
refused '[a]\n\xef\xbb\xbfnet = new\n' $'2:\xef\xbb\xbfnet'
refused '\xef\xbb\xbf\xef\xbb\xbf[a]\n' $'1:\xef\xbb\xbf[a]'
refused '[a]\nnet\0 = new\nuts = n\0ew\n# \0\n\0\n' 2:net 3:uts '4:#' 5:line
refused '[a]\na line of words that is long\nunknown_keys_are_cut_short = 1\n' '2:a line of words that is' 3:unknown_keys_are_cut_sh
# A header that is refused is one error, and what is below it is not looked at.
bad='\nnett = new\nword\n  uts = new\n[b]\nnett = new\n'
refused "[a$bad" '1:[a' 6:nett
refused "[a]x$bad" '1:[a]' 6:nett
refused "[a] # x$bad" '1:[a]' 6:nett
refused "[a];x$bad" '1:[a]' 6:nett
refused "[]$bad" '1:[]' 6:nett
refused "[ a]$bad" '1:[ a]' 6:nett
refused "[a ]$bad" '1:[a ]' 6:nett
refused "[a\x01b]$bad" '1:[a?b]' 6:nett
refused " [a]$bad" '1:[a]' 6:nett
refused "[b]\n[c]\n[b]$bad" '3:[b]' '7:[b]'

# An inline rule: the file is called NSSHIM_PROFILE, the line is the number of the assignment.
inline() { # VALUE LINE:KEY...
	local value=$1
	shift
	FILE=NSSHIM_PROFILE
	run env LD_PRELOAD="$LIB" NSSHIM_PROFILE="$value" "$state" args
	told "$value" "$@"
}
inline 'nett=new' 1:nett
inline 'net=new;  uts = new; ipc = nwe;time=new; net=new' 3:ipc 5:net
inline 'net=new; word; cwd=x' 2:word 3:cwd
inline 'net=new; # x; uts=x' 2:line 3:uts
inline 'net=new; [a]; uts=x' 2:line
inline "net=new; match=$(printf %0199d 0); uts=x" 2:match 3:uts
inline "net=" 1:net
