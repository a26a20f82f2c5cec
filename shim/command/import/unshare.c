#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/import/import.h"
#include "shim/command/option.h"

/* Long options that have no letter. */
enum {
	KILL_CHILD = 1,
	MOUNT_PROC,
	MAP_USER,
	MAP_GROUP,
	MAP_USERS,
	MAP_GROUPS,
	MAP_AUTO,
	PROPAGATION,
	SETGROUPS,
	KEEP_CAPS,
	MONOTONIC,
	BOOTTIME,
	KEEP_CREDS,
};

#define KINDS(how)                                                                                 \
	{ "mount", 'm', how }, { "uts", 'u', how }, { "ipc", 'i', how }, { "net", 'n', how },      \
		{ "pid", 'p', how }, { "user", 'U', how }, { "cgroup", 'C', how },                 \
	{                                                                                          \
		"time", 'T', how                                                                   \
	}

static const struct option_row of_unshare[] = {
	KINDS(OPTION_PERHAPS_LONG),
	{ "fork", 'f', OPTION_PLAIN },
	{ "kill-child", KILL_CHILD, OPTION_PERHAPS },
	{ "mount-proc", MOUNT_PROC, OPTION_PERHAPS },
	{ "map-user", MAP_USER, OPTION_VALUE },
	{ "map-group", MAP_GROUP, OPTION_VALUE },
	{ "map-users", MAP_USERS, OPTION_VALUE },
	{ "map-groups", MAP_GROUPS, OPTION_VALUE },
	{ "map-auto", MAP_AUTO, OPTION_PLAIN },
	{ "map-root-user", 'r', OPTION_PLAIN },
	{ "map-current-user", 'c', OPTION_PLAIN },
	{ "propagation", PROPAGATION, OPTION_VALUE },
	{ "setgroups", SETGROUPS, OPTION_VALUE },
	{ "keep-caps", KEEP_CAPS, OPTION_PLAIN },
	{ "root", 'R', OPTION_VALUE },
	{ "wd", 'w', OPTION_VALUE },
	{ "setuid", 'S', OPTION_VALUE },
	{ "setgid", 'G', OPTION_VALUE },
	{ "monotonic", MONOTONIC, OPTION_VALUE },
	{ "boottime", BOOTTIME, OPTION_VALUE },
};

static const struct option_row of_nsenter[] = {
	KINDS(OPTION_PERHAPS),
	{ "all", 'a', OPTION_PLAIN },
	{ "target", 't', OPTION_VALUE },
	{ "root", 'r', OPTION_PERHAPS },
	{ "wd", 'w', OPTION_PERHAPS },
	{ "wdns", 'W', OPTION_VALUE },
	{ "setuid", 'S', OPTION_VALUE },
	{ "setgid", 'G', OPTION_VALUE },
	{ "env", 'e', OPTION_PLAIN },
	{ "no-fork", 'F', OPTION_PLAIN },
	{ "preserve-credentials", KEEP_CREDS, OPTION_PLAIN },
};

/* What a command line has said, by the letter or number of the option. */
struct said {
	bool given[128];
	const char *value[128];
};

static const char letters[] = "UmpniuCT";

/* In the order of these letters. */
static const char *kind_of(char letter)
{
	static const char names[][8] = {
		"user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time"
	};

	return names[strchr(letters, letter) - letters];
}

static void read_options(struct written *w, struct said *s, int argc, char **argv,
			 const struct option_row *row, unsigned count)
{
	const struct options o = { row, count, false, "" };
	int letter, status;

	optind = 0; /* from the first on, again */
	while ((letter = option_next(argc, argv, &o, &status)) != OPTION_END) {
		if (letter == OPTION_DONE) {
			w->lost++; /* which has been told */
			continue;
		}
		s->given[letter] = true;
		s->value[letter] = optarg;
	}
	for (; optind < argc; optind++)
		written_note(w, "argument: %s", argv[optind]);
}

static void put_path(struct written *w, const char *key, const char *path)
{
	char whole[PATH_MAX], word[WRITTEN_WORD];

	if (!realpath(path, whole))
		written_lost(w, "%s = %s: there is no such file", key, path);
	else if (!strcmp(key, "root"))
		written_line(w, key, "%s", written_word(word, whole));
	else
		written_line(w, key, "%s", whole);
}

static void put_map(struct written *w, const struct said *s, const char *key, int one, int many,
		    unsigned long own)
{
	if (s->given[many])
		written_lost(w, "--map-%s=%s: write it as %s = INSIDE OUTSIDE COUNT",
			     many == MAP_USERS ? "users" : "groups", s->value[many], key);
	else if (s->given[MAP_AUTO])
		written_line(w, key, "auto");
	else if (s->given[one])
		written_line(w, key, "%s %lu 1", s->value[one], own);
	else
		written_line(w, key, s->given['c'] ? "self" : "root");
}

static void put_user(struct written *w, const struct said *s)
{
	bool maps = s->given['r'] || s->given['c'] || s->given[MAP_AUTO];

	for (int i = MAP_USER; i <= MAP_GROUPS; i++)
		maps |= s->given[i];
	if (!s->given['U'] && !maps)
		return;
	if (!s->given['U'])
		written_line(w, "user", "new");
	if (!maps)
		written_lost(w, "a user namespace without maps: here one's own id is 0");
	put_map(w, s, "uid_map", MAP_USER, MAP_USERS, geteuid());
	put_map(w, s, "gid_map", MAP_GROUP, MAP_GROUPS, getegid());
	if (s->given[SETGROUPS])
		written_line(w, "setgroups", "%s", s->value[SETGROUPS]);
}

static void put_ids(struct written *w, const struct said *s)
{
	if (s->given['G'])
		written_line(w, "gid", "%s", s->value['G']);
	if (s->given['S'])
		written_line(w, "uid", "%s", s->value['S']);
}

/* Here /proc is that of a new pid namespace unless something else is said, and lo is up. */
static void put_files(struct written *w, const struct said *s)
{
	if (s->given[MOUNT_PROC] && !s->given['m'])
		written_line(w, "mnt", "new");
	if (s->given['n'])
		written_line(w, "loopback", "no");
	if (s->given[PROPAGATION])
		written_line(w, "propagation", "%s", s->value[PROPAGATION]);
	if (s->given['R'])
		put_path(w, "root", s->value['R']);
	if (s->value[MOUNT_PROC])
		written_line(w, "proc", "%s", s->value[MOUNT_PROC]);
	else if (s->given['p'] && !s->given[MOUNT_PROC])
		written_line(w, "proc", "host");
	if (s->given['w'])
		written_line(w, "cwd", "%s", s->value['w']);
}

void import_unshare(struct written *w, int argc, char **argv)
{
	struct said s = { 0 };

	read_options(w, &s, argc, argv, of_unshare, sizeof of_unshare / sizeof *of_unshare);
	for (const char *c = letters; *c; c++) {
		if (s.given[(int)*c])
			written_line(w, kind_of(*c), "new");
		if (s.value[(int)*c])
			written_lost(w, "%s: to be kept at %s", kind_of(*c), s.value[(int)*c]);
	}
	put_user(w, &s);
	put_files(w, &s);
	if (s.given[MONOTONIC])
		written_line(w, "monotonic", "%s", s.value[MONOTONIC]);
	if (s.given[BOOTTIME])
		written_line(w, "boottime", "%s", s.value[BOOTTIME]);
	put_ids(w, &s);
	if (s.given[KEEP_CAPS])
		written_line(w, "caps", "keep");
}

static void put_joined(struct written *w, const struct said *s, char letter)
{
	const char *file = s->value[(int)letter];

	if (!s->given[(int)letter] && !s->given['a'])
		return;
	if (file)
		put_path(w, kind_of(letter), file);
	else if (s->given['t'])
		written_line(w, kind_of(letter), "pid:%s", s->value['t']);
	else
		written_lost(w, "%s: neither a file nor a process", kind_of(letter));
}

void import_nsenter(struct written *w, int argc, char **argv)
{
	struct said s = { 0 };
	bool user;

	read_options(w, &s, argc, argv, of_nsenter, sizeof of_nsenter / sizeof *of_nsenter);
	user = s.given['U'] || s.given['a'];
	if (s.given['a'] && s.given['r'] && s.given['w'] && !s.value['r'] && !s.value['w'] &&
	    s.given['t'])
		written_line(w, "join", "pid:%s", s.value['t']);
	else
		for (const char *c = letters; *c; c++)
			put_joined(w, &s, *c);
	if (!s.given['a'] && (s.given['r'] || (s.given['w'] && !s.value['w'])))
		written_lost(w, "the root or working directory of the process alone");
	if (s.given['w'] && s.value['w'])
		written_line(w, "cwd", "%s", s.value['w']);
	if (s.given['W'])
		written_line(w, "cwd", "%s", s.value['W']);
	if (s.given['e'])
		written_lost(w, "the environment of the process");
	if (s.given[KEEP_CREDS]) {
		written_line(w, "keep_creds", "yes");
		return;
	}
	if (!user && !s.given['S'] && !s.given['G'])
		return;
	written_line(w, "groups", "none");
	if (user && !s.given['G'])
		written_line(w, "gid", "0");
	if (user && !s.given['S'])
		written_line(w, "uid", "0");
	put_ids(w, &s);
}
