# Completion of nsshim(1) for fish.
set -l commands run exec trace check explain doctor profiles show import list drop
set -l keys {match,when,join,user,mnt,pid,net,ipc,uts,cgroup,time}=

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
complete -c nsshim -n '__fish_seen_subcommand_from run exec trace explain doctor' -s e -l set -x -a "$keys" -d KEY=VALUE
complete -c nsshim -n '__fish_seen_subcommand_from run exec trace explain' -x -a '(__fish_complete_subcommand)'
complete -c nsshim -n '__fish_seen_subcommand_from check show' -F -a '(__nsshim_profiles)'
complete -c nsshim -n '__fish_seen_subcommand_from check' -s f -l format -x -a 'text gcc json'
complete -c nsshim -n '__fish_seen_subcommand_from trace explain doctor profiles' -l json
complete -c nsshim -n '__fish_seen_subcommand_from trace' -s a -l all -d 'follow every process'
complete -c nsshim -n '__fish_seen_subcommand_from trace' -s o -l output -r -F -d 'where the tree goes'
complete -c nsshim -n '__fish_seen_subcommand_from import' -F
complete -c nsshim -n '__fish_seen_subcommand_from import' -s f -l from -x -a 'oci systemd-unit bwrap unshare nsenter'
complete -c nsshim -n '__fish_seen_subcommand_from drop' -a '(__nsshim_sets)'
