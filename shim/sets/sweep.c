#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "shim/sets/sets.h"
#include "shim/sets/sweep.h"

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

/* A fifo that a pool writes is open at its other end. */
static bool is_left(const char *dir, int dirfd, const char *name)
{
	int fd;

	if (name[0] == '.')
		return true;
	if (name[0] != SETS_POOL[0])
		return is_dead(dir, name);
	fd = openat(dirfd, name, O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW);
	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == ENXIO;
}

/*
 * Under its lock nobody is making one of this name or opening it once more: a temporary name is
 * then nobody's.
 */
static void remove_left(const char *dir, int dirfd, const char *name)
{
	struct sockaddr_un at;
	int lock;

	snprintf(at.sun_path, sizeof at.sun_path, "%s/", dir);
	lock = sets_open_lock(&at);
	if (lock >= 0 && !sets_lock(lock, name) && is_left(dir, dirfd, name))
		unlinkat(dirfd, name, 0);
	if (lock >= 0)
		close(lock);
}

void sweep(const char *dir, const char *own)
{
	DIR *d = opendir(dir);
	struct dirent *entry;

	while (d && (entry = readdir(d))) {
		const char *digest = strchr(entry->d_name, '@');
		const char *ours = strchr(own, '@');

		if (!digest || !is_left(dir, dirfd(d), entry->d_name))
			continue;
		/* Whoever asked for ours has its lock. */
		if (!strncmp(digest, ours, strlen(ours)))
			unlinkat(dirfd(d), entry->d_name, 0);
		else
			remove_left(dir, dirfd(d), entry->d_name);
	}
	if (d)
		closedir(d);
}
