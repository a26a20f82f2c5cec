/* The options of bwrap(1). */
#ifndef SHIM_COMMAND_BWRAP_OPTIONS_H
#define SHIM_COMMAND_BWRAP_OPTIONS_H

enum bwrap_option {
	UNSHARE_USER,
	UNSHARE_USER_TRY,
	UNSHARE_IPC,
	UNSHARE_PID,
	UNSHARE_NET,
	UNSHARE_UTS,
	UNSHARE_CGROUP,
	UNSHARE_CGROUP_TRY,
	UNSHARE_ALL,
	SHARE_NET,
	UID,
	GID,
	HOSTNAME,
	CHDIR,
	SETENV,
	UNSETENV,
	CLEARENV,
	BIND,
	BIND_TRY,
	DEV_BIND,
	DEV_BIND_TRY,
	RO_BIND,
	RO_BIND_TRY,
	REMOUNT_RO,
	PROC,
	DEV,
	TMPFS,
	MQUEUE,
	DIR,
	SYMLINK,
	PERMS,
	SIZE,
	NEW_SESSION,
	DIE,
	CAP_ADD,
	CAP_DROP,
	ARGV0,
	OVERLAY_SRC,
	OVERLAY,
	TMP_OVERLAY,
	LOST, /* this and those after it have no key */
	OPTIONS = LOST + 22,
};

/* Which one the word is, an enum bwrap_option; -1: none. */
int bwrap_option_find(const char *word);

/* How many words follow it. */
int bwrap_option_words(enum bwrap_option op);

#endif
