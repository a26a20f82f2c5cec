# Completion of nsshim(1) for fish.
set -l commands run exec trace check explain doctor profiles show import list drop

# The keys of an inline rule, and behind the `=` the words among their values.
function __nsshim_keys
    set -l key (commandline -ct | string replace -r '^(--set=|-e)' '')
    if not string match -q '*=*' -- $key
        string join \n user mnt pid net ipc uts cgroup time join match except only_if when uid_map gid_map \
            setgroups fallback on_error loopback cwd share share-keep pool root bind proc sysfs \
            devpts mqueue dev overlay overlay-tmp tmpfs dir symlink file ro hide propagation \
            hostname domainname sysctl monotonic boottime oom_score_adj nice ioprio cpus umask \
            rlimit cgroup_join new_session die_with_parent close_fds uid gid groups keep_creds caps \
            securebits no_new_privs seccomp landlock_ro landlock_rw env unsetenv clearenv arg0 | string replace -r '$' =
        return
    end
    set key (string split -m 1 = -- $key)[1]
    set -l values
    switch $key
        case user mnt pid net ipc uts cgroup time
            set values new host
        case loopback new_session die_with_parent no_new_privs clearenv
            set values yes no
        case keep_creds
            set values yes
        case when
            set values exec load fork
        case uid_map gid_map
            set values self root auto
        case setgroups
            set values allow deny
        case fallback
            set values userns none
        case on_error
            set values fail continue
        case propagation
            set values private slave shared unchanged
        case caps
            set values drop keep
        case root
            set values tmpfs
        case proc
            set values /proc host
    end
    for value in $values
        echo $key=$value
    end
end
# The program's own words are completed as those of its own line.
function __nsshim_program
    set -l words (commandline -poc)[3..]
    while set -q words[1]; and string match -q -- '-*' $words[1]
        set -l option $words[1]
        set -e words[1]
        switch $option
            case --
                break
            case -p -e -o --profile --set --output
                set -q words[1]; and set -e words[1]
        end
    end
    complete -C (string join ' ' -- (string escape -- $words) (commandline -ct))
end
function __nsshim_profiles
    echo none
    nsshim profiles 2>/dev/null | string match -rg '^([^ ]+) .*'
end
function __nsshim_sets
    nsshim list 2>/dev/null | tail -n +2 | string match -rg '^([^ ]+) .*'
end

complete -c nsshim -f
complete -c nsshim -n "not __fish_seen_subcommand_from $commands" -a "$commands"
complete -c nsshim -n "not __fish_seen_subcommand_from $commands" -l version -d 'which this is'
complete -c nsshim -s h -l help -d 'what there is'
complete -c nsshim -n '__fish_seen_subcommand_from run exec trace explain doctor' -s p -l profile -x -a '(__nsshim_profiles)'
complete -c nsshim -n '__fish_seen_subcommand_from run exec trace explain doctor' -s e -l set -x -a '(__nsshim_keys)' -d KEY=VALUE
complete -c nsshim -n '__fish_seen_subcommand_from run exec trace explain' -x -a '(__nsshim_program)'
complete -c nsshim -n '__fish_seen_subcommand_from check show' -F -a '(__nsshim_profiles)'
complete -c nsshim -n '__fish_seen_subcommand_from check' -s f -l format -x -a 'text gcc json'
complete -c nsshim -n '__fish_seen_subcommand_from trace explain doctor profiles list' -s j -l json
complete -c nsshim -n '__fish_seen_subcommand_from trace' -s a -l all -d 'follow every process'
complete -c nsshim -n '__fish_seen_subcommand_from trace' -s o -l output -r -F -d 'where the tree goes'
complete -c nsshim -n '__fish_seen_subcommand_from import' -F
complete -c nsshim -n '__fish_seen_subcommand_from import' -s f -l from -x -a 'oci systemd-unit bwrap unshare nsenter'
complete -c nsshim -n '__fish_seen_subcommand_from drop' -a '(__nsshim_sets)'
