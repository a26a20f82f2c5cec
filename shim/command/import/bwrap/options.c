#include <string.h>

#include "shim/command/import/bwrap/options.h"

struct row {
	char name[24];
	char words;
};

static const struct row rows[OPTIONS] = {
	[UNSHARE_USER] = { "--unshare-user", 0 },
	[UNSHARE_USER_TRY] = { "--unshare-user-try", 0 },
	[UNSHARE_IPC] = { "--unshare-ipc", 0 },
	[UNSHARE_PID] = { "--unshare-pid", 0 },
	[UNSHARE_NET] = { "--unshare-net", 0 },
	[UNSHARE_UTS] = { "--unshare-uts", 0 },
	[UNSHARE_CGROUP] = { "--unshare-cgroup", 0 },
	[UNSHARE_CGROUP_TRY] = { "--unshare-cgroup-try", 0 },
	[UNSHARE_ALL] = { "--unshare-all", 0 },
	[SHARE_NET] = { "--share-net", 0 },
	[UID] = { "--uid", 1 },
	[GID] = { "--gid", 1 },
	[HOSTNAME] = { "--hostname", 1 },
	[CHDIR] = { "--chdir", 1 },
	[SETENV] = { "--setenv", 2 },
	[UNSETENV] = { "--unsetenv", 1 },
	[CLEARENV] = { "--clearenv", 0 },
	[BIND] = { "--bind", 2 },
	[BIND_TRY] = { "--bind-try", 2 },
	[DEV_BIND] = { "--dev-bind", 2 },
	[DEV_BIND_TRY] = { "--dev-bind-try", 2 },
	[RO_BIND] = { "--ro-bind", 2 },
	[RO_BIND_TRY] = { "--ro-bind-try", 2 },
	[REMOUNT_RO] = { "--remount-ro", 1 },
	[PROC] = { "--proc", 1 },
	[DEV] = { "--dev", 1 },
	[TMPFS] = { "--tmpfs", 1 },
	[MQUEUE] = { "--mqueue", 1 },
	[DIR] = { "--dir", 1 },
	[SYMLINK] = { "--symlink", 2 },
	[PERMS] = { "--perms", 1 },
	[SIZE] = { "--size", 1 },
	[NEW_SESSION] = { "--new-session", 0 },
	[DIE] = { "--die-with-parent", 0 },
	[CAP_ADD] = { "--cap-add", 1 },
	[CAP_DROP] = { "--cap-drop", 1 },
	[ARGV0] = { "--argv0", 1 },
	[OVERLAY_SRC] = { "--overlay-src", 1 },
	[OVERLAY] = { "--overlay", 3 },
	[TMP_OVERLAY] = { "--tmp-overlay", 1 },
	/* These have no key. */
	[LOST] = { "--userns", 1 },
	{ "--userns2", 1 },
	{ "--pidns", 1 },
	{ "--disable-userns", 0 },
	{ "--assert-userns-disabled", 0 },
	{ "--ro-overlay", 1 },
	{ "--exec-label", 1 },
	{ "--file-label", 1 },
	{ "--file", 2 },
	{ "--bind-data", 2 },
	{ "--ro-bind-data", 2 },
	{ "--bind-fd", 2 },
	{ "--ro-bind-fd", 2 },
	{ "--seccomp", 1 },
	{ "--add-seccomp-fd", 1 },
	{ "--chmod", 2 },
	{ "--args", 1 },
	{ "--as-pid-1", 0 },
	{ "--lock-file", 1 },
	{ "--sync-fd", 1 },
	{ "--block-fd", 1 },
	{ "--info-fd", 1 },
};

int bwrap_option_find(const char *word)
{
	for (int i = 0; i < OPTIONS; i++)
		if (!strcmp(rows[i].name, word))
			return i;
	return -1;
}

int bwrap_option_words(enum bwrap_option op)
{
	return rows[op].words;
}
