# shellcheck shell=bash
# Completion of nsshim(1), which bash-completion loads by the name of the command.

# Where the program's own words begin: after the options of run, exec, trace and explain.
_nsshim_program() {
	local i
	for ((i = 2; i < ${#COMP_WORDS[@]}; i++)); do
		case ${COMP_WORDS[i]} in
		--) echo $((i + 1)) && return ;;
		-p | -e | -o | --profile | --set | --output)
			# `--set=net=new` is several words here, since `=` parts them.
			i=$((i + 1))
			while [ "${COMP_WORDS[i]-}" = = ] || [ "${COMP_WORDS[i + 1]-}" = = ]; do i=$((i + 1)); done
			;;
		-*) ;;
		*) echo "$i" && return ;;
		esac
	done
	echo "$i"
}

_nsshim_profiles() { # WORD
	mapfile -t COMPREPLY < <(
		compgen -W "none $("${COMP_WORDS[0]}" profiles 2>/dev/null | sed -n 's/^\([^ ]*\) .*/\1/p')" -- "$1"
		case $1 in */* | .*) compgen -f -X '!*.ini' -- "$1" && compgen -d -S / -- "$1" ;; esac
	)
}

# The keys of an inline rule, and the words among the values of one.
_nsshim_keys='user mnt pid net ipc uts cgroup time join match except only_if when uid_map gid_map setgroups
	fallback on_error loopback cwd share share-keep pool root bind proc sysfs devpts mqueue dev overlay
	overlay-tmp tmpfs dir symlink file ro hide propagation hostname domainname sysctl monotonic boottime
	oom_score_adj nice ioprio cpus umask rlimit cgroup_join new_session die_with_parent close_fds uid
	gid groups keep_creds caps securebits no_new_privs seccomp landlock_ro landlock_rw env unsetenv
	clearenv arg0'
_nsshim_values() { # KEY
	case $1 in
	user | mnt | pid | net | ipc | uts | cgroup | time) echo new host ;;
	loopback | new_session | die_with_parent | no_new_privs | clearenv) echo yes no ;;
	keep_creds) echo yes ;;
	when) echo exec load fork ;;
	uid_map | gid_map) echo self root auto ;;
	setgroups) echo allow deny ;;
	fallback) echo userns none ;;
	on_error) echo fail continue ;;
	propagation) echo private slave shared unchanged ;;
	caps) echo drop keep ;;
	root) echo tmpfs ;;
	proc) echo /proc host ;;
	esac
}
# Of `-e KEY=VALUE`, with the cursor in the value: KEY. `=` parts words here, and may be the last one.
_nsshim_key() {
	local at=$COMP_CWORD
	[ "${COMP_WORDS[at]}" = = ] || at=$((at - 1))
	[ "$at" -gt 2 ] && [ "${COMP_WORDS[at]}" = = ] || return
	case ${COMP_WORDS[at - 2]}${COMP_WORDS[at - 3]} in
	-e* | --set* | =--set) echo "${COMP_WORDS[at - 1]}" ;;
	esac
}

_nsshim() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} options='--help' at
	COMPREPLY=()
	[ "$before" != = ] || [ "$COMP_CWORD" -lt 3 ] || before=${COMP_WORDS[COMP_CWORD - 2]}
	if [ "$COMP_CWORD" = 1 ]; then
		options='run exec trace check explain doctor profiles show import list drop --help --version'
		mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
		return
	fi
	at=$(_nsshim_key)
	if [ -n "$at" ]; then
		mapfile -t COMPREPLY < <(compgen -W "$(_nsshim_values "$at")" -- "${word#=}")
		return
	fi
	case $before in
	-p | --profile)
		_nsshim_profiles "${word#=}"
		return
		;;
	-e | --set)
		compopt -o nospace
		mapfile -t COMPREPLY < <(compgen -S = -W "$_nsshim_keys" -- "${word#=}")
		return
		;;
	-o | --output)
		mapfile -t COMPREPLY < <(compgen -f -- "${word#=}")
		return
		;;
	-f | --format | --from)
		[ "${COMP_WORDS[1]}" != import ] || {
			mapfile -t COMPREPLY < <(compgen -W 'oci systemd-unit bwrap unshare nsenter' -- "${word#=}")
			return
		}
		mapfile -t COMPREPLY < <(compgen -W 'text gcc json' -- "${word#=}")
		return
		;;
	esac
	case ${COMP_WORDS[1]} in
	run | exec | trace | explain)
		at=$(_nsshim_program)
		if [ "$COMP_CWORD" -gt "$at" ] && declare -F _command_offset >/dev/null; then
			_command_offset "$at"
			return
		elif [ "$COMP_CWORD" -gt "$at" ]; then
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
			return
		fi
		options='--help --profile --set'
		[ "${COMP_WORDS[1]}" != explain ] || options="$options --json"
		[ "${COMP_WORDS[1]}" != trace ] || options="$options --all --json --output"
		case $word in -*) ;; *)
			mapfile -t COMPREPLY < <(compgen -c -- "$word" | sort -u)
			return
			;;
		esac
		;;
	check | show)
		[ "${COMP_WORDS[1]}" != check ] || options="$options --format"
		case $word in -*) ;; *)
			_nsshim_profiles "$word"
			return
			;;
		esac
		;;
	doctor) options="$options --profile --set --json" ;;
	import)
		options="$options --from"
		case $word in -*) ;; *)
			mapfile -t COMPREPLY < <(compgen -f -- "$word")
			return
			;;
		esac
		;;
	profiles | list) options="$options --json" ;;
	drop)
		options="$options $("${COMP_WORDS[0]}" list 2>/dev/null | sed -n '2,$s/^\([^ ]*\) .*/\1/p')"
		;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$options" -- "$word")
}
complete -F _nsshim nsshim
