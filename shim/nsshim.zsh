#compdef nsshim
# Completion of nsshim(1) for zsh.

_nsshim_profiles() {
	local -a names
	names=(none ${(f)"$(_call_program profiles nsshim profiles 2>/dev/null | sed -n 's/^\([^ ]*\) .*/\1/p')"})
	_alternative "profiles:profile:($names)" 'files:profile:_files -g "*.ini"'
}

_nsshim_sets() {
	local -a names
	names=(${(f)"$(_call_program sets nsshim list 2>/dev/null | sed -n '2,$s/^\([^ ]*\) .*/\1/p')"})
	_values set $names
}

# The keys of an inline rule, and behind the `=` the words among their values.
_nsshim_keys() {
	local key=${PREFIX%%=*}
	local -a keys
	if ! compset -P '*='; then
		keys=(
			user mnt pid net ipc uts cgroup time join match except only_if when uid_map gid_map setgroups
			fallback on_error loopback cwd share share-keep pool root bind proc sysfs devpts mqueue dev
			overlay overlay-tmp tmpfs dir symlink file ro hide propagation hostname domainname sysctl
			monotonic boottime oom_score_adj nice ioprio cpus umask rlimit cgroup_join new_session
			die_with_parent close_fds uid gid groups keep_creds caps securebits no_new_privs seccomp
			landlock_ro landlock_rw env unsetenv clearenv arg0
		)
		compadd -S = -a keys
		return
	fi
	case $key in
	user | mnt | pid | net | ipc | uts | cgroup | time) compadd new host ;;
	loopback | new_session | die_with_parent | no_new_privs | clearenv) compadd yes no ;;
	keep_creds) compadd yes ;;
	when) compadd exec load fork ;;
	uid_map | gid_map) compadd self root auto ;;
	setgroups) compadd allow deny ;;
	fallback) compadd userns none ;;
	on_error) compadd fail continue ;;
	propagation) compadd private slave shared unchanged ;;
	caps) compadd drop keep ;;
	root) compadd tmpfs ;;
	proc) compadd /proc host ;;
	esac
}

_nsshim() {
	local -a ours which
	ours=( # not `commands`, which is what zsh has programs in
		'run:a program, the library preloaded'
		'exec:a program, which enters itself'
		'trace:as run, and what was started'
		'check:every error of profiles'
		'explain:which rule fits, and what the entry does'
		'doctor:what this machine has of all that is needed'
		'profiles:those that can be named'
		'show:the text of one'
		'import:a rule that does what another tool would'
		'list:the live sets of rules with share'
		'drop:ends the sets of a name'
	)
	which=(
		'*'{-p,--profile=}'[the profile]:profile:_nsshim_profiles'
		'*'{-e,--set=}'[a key of the rule]:key:_nsshim_keys'
	)
	if (( CURRENT == 2 )); then
		_describe command ours
		_values option --help --version
		return
	fi
	shift words
	(( CURRENT-- ))
	case $words[1] in
	run | exec) _arguments -S "$which[@]" '--help' '(-)1:program:{ _command_names -e }' '*::argument:_normal' ;;
	trace) _arguments -S "$which[@]" '--help' '(-a --all)'{-a,--all}'[follow every process]' '(-j --json)'{-j,--json} '(-o --output)'{-o,--output}'[where the tree goes]:file:_files' '(-)1:program:{ _command_names -e }' '*::argument:_normal' ;;
	explain) _arguments -S "$which[@]" '--help' '--json' '(-)1:program:{ _command_names -e }' '*::argument:_normal' ;;
	doctor) _arguments "$which[@]" '--help' '--json' ;;
	check) _arguments '--help' '(-f --format)'{-f,--format}'[how errors are told]:format:(text gcc json)' '*:profile:_nsshim_profiles' ;;
	show) _arguments '--help' '1:profile:_nsshim_profiles' ;;
	profiles | list) _arguments '--help' '--json' ;;
	import) _arguments '--help' '(-f --from)'{-f,--from}'[the tool]:tool:(oci systemd-unit bwrap unshare nsenter)' '*:file:_files' ;;
	drop) _arguments '--help' '1:set:_nsshim_sets' ;;
	*) _arguments '--help' ;;
	esac
}

_nsshim "$@"
