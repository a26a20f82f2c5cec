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

_nsshim() {
	local -a commands which
	commands=(
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
		'*'{-p,--profile}'[the profile]:profile:_nsshim_profiles'
		'*'{-e,--set}'[a key of the rule]:key:(match= when= join= user= mnt= pid= net= ipc= uts= cgroup= time=)'
	)
	if (( CURRENT == 2 )); then
		_describe command commands
		_values option --help --version
		return
	fi
	shift words
	(( CURRENT-- ))
	case $words[1] in
	run | exec) _arguments -S "$which[@]" '--help' '*::program:_normal' ;;
	trace) _arguments -S "$which[@]" '--help' '(-a --all)'{-a,--all}'[follow every process]' '(-j --json)'{-j,--json} '(-o --output)'{-o,--output}'[where the tree goes]:file:_files' '*::program:_normal' ;;
	explain) _arguments -S "$which[@]" '--help' '--json' '*::program:_normal' ;;
	doctor) _arguments "$which[@]" '--help' '--json' ;;
	check) _arguments '--help' '(-f --format)'{-f,--format}'[how errors are told]:format:(text gcc json)' '*:profile:_nsshim_profiles' ;;
	show) _arguments '--help' '1:profile:_nsshim_profiles' ;;
	profiles) _arguments '--help' '--json' ;;
	import) _arguments '--help' '(-f --from)'{-f,--from}'[the tool]:tool:(oci systemd-unit bwrap unshare nsenter)' '*:file:_files' ;;
	drop) _arguments '--help' '1:set:_nsshim_sets' ;;
	*) _arguments '--help' ;;
	esac
}

_nsshim "$@"
