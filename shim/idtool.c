#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/caps.h"
#include "shim/idtool.h"

extern char **environ;

static bool found(const char *tool, char *path, size_t size)
{
	static const char folders[][12] = { "/usr/sbin/", "/usr/bin/", "/sbin/", "/bin/" };

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		struct text t = text_in(path, size);

		text_str(&t, folders[i]);
		text_str(&t, tool);
		if (!access(path, X_OK))
			return true;
	}
	return false;
}

/* Not installed, without its power, or robbed of it. */
int idtool_check(const char *tool, int needs, struct fault *f)
{
	char path[64], cap[32];
	struct stat st;

	if (!found(tool, path, sizeof path)) {
		fault_set(f, "execve", NS_USER, tool, ENOENT);
		fault_why(f, "it is not installed: package uidmap (or shadow) has it; without it, "
			     "ranges need ");
		fault_why(f, caps_name(needs, cap, sizeof cap));
		return -1;
	}
	if (stat(path, &st) ||
	    (!(st.st_mode & S_ISUID) && getxattr(path, "security.capability", NULL, 0) <= 0)) {
		fault_set(f, "execve", NS_USER, path, EPERM);
		fault_why(f,
			  "it is neither set-user-id root nor has it file capabilities: chmod u+s");
		return -1;
	}
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1) {
		fault_set(f, "execve", NS_USER, path, EPERM);
		fault_why(f, "no_new_privs is set for this process, and takes its power from it");
		return -1;
	}
	return 0;
}

/* What the tool wrote on its standard error goes into the one line that is ours. */
static int tool_failed(const char *path, int status, int from, struct fault *f)
{
	char said[160];
	ssize_t n = read(from, said, sizeof said - 1);

	said[n < 0 ? 0 : n] = '\0';
	fault_set(f, "map", NS_USER, path, EPERM);
	if (WIFSIGNALED(status))
		fault_why(f, "it was killed by a signal");
	else
		fault_why(f, "range refused: ");
	said[strcspn(said, "\n")] = '\0';
	fault_why(f, said);
	return -1;
}

/* NEWUIDMAP PID INSIDE OUTSIDE COUNT... */
int idtool_run(const char *tool, const struct idmap *map, pid_t pid, struct fault *f)
{
	static char words[3 * IDMAP_MOST + 1][12];
	static char *argv[3 * IDMAP_MOST + 3];
	char path[64];
	posix_spawn_file_actions_t actions;
	int says[2], status = 0, err;
	unsigned n = 0;
	pid_t child;

	found(tool, path, sizeof path);
	snprintf(words[n++], sizeof *words, "%d", (int)pid);
	for (unsigned i = 0; i < map->extents; i++) {
		const struct idmap_extent *e = &map->extent[i];

		snprintf(words[n++], sizeof *words, "%u", e->inside);
		snprintf(words[n++], sizeof *words, "%u", e->outside);
		snprintf(words[n++], sizeof *words, "%u", e->count);
	}
	argv[0] = path;
	for (unsigned i = 0; i < n; i++)
		argv[i + 1] = words[i];
	argv[n + 1] = NULL;
	if (pipe2(says, O_CLOEXEC))
		return fault_set(f, "pipe", NS_USER, NULL, errno);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, says[1], STDERR_FILENO);
	err = posix_spawn(&child, path, &actions, NULL, argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	close(says[1]);
	if (err)
		fault_set(f, "execve", NS_USER, path, err);
	else if (waitpid(child, &status, 0) != child)
		err = errno, fault_set(f, "wait", NS_USER, path, err);
	else if (!WIFEXITED(status) || WEXITSTATUS(status)) /* killed, its WEXITSTATUS is 0 */
		err = tool_failed(path, status, says[0], f);
	close(says[0]);
	return err ? -1 : 0;
}
