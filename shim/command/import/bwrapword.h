/* The options of bwrap(1). */
#ifndef SHIM_COMMAND_BWRAPWORD_H
#define SHIM_COMMAND_BWRAPWORD_H

enum bwrap {
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

/* Which one the word is, an enum bwrap; -1: none. */
int bwrapword_find(const char *word);

/* How many words follow it. */
int bwrapword_count(enum bwrap op);

#endif
