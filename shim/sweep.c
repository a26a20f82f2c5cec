#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "shim/sets.h"
#include "shim/sweep.h"

enum { BEING_MADE = 120 /* seconds for which a name of a holder's own may be in use */ };

static bool is_dead(const char *dir, const char *name)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	bool dead;

	dead = fd >= 0 &&
	       snprintf(at.sun_path, sizeof at.sun_path, "%s/%s", dir, name) <
		       (int)sizeof at.sun_path &&
	       connect(fd, (struct sockaddr *)&at, sizeof at) && errno == ECONNREFUSED;
	if (fd >= 0)
		close(fd);
	return dead;
}

static void remove_dead(const char *dir, int dirfd, const char *name)
{
	struct stat st;
	int lock;

	if (name[0] == '.') {
		if (!fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) && S_ISSOCK(st.st_mode) &&
		    time(NULL) - st.st_ctime > BEING_MADE)
			unlinkat(dirfd, name, 0);
		return;
	}
	if (!strchr(name, '@') || !is_dead(dir, name))
		return;
	/* Refused again under its lock: nobody is just making it, or opening it once more. */
	lock = sets_open_lock(dir);
	if (lock >= 0 && !sets_lock(lock, name) && is_dead(dir, name))
		unlinkat(dirfd, name, 0);
	if (lock >= 0)
		close(lock);
}

void sweep(const char *dir)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d)))
		remove_dead(dir, dirfd(d), entry->d_name);
	if (d)
		closedir(d);
}
