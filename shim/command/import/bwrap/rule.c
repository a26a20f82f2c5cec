#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/import/bwrap/options.h"
#include "shim/command/import/import.h"
#include "shim/command/import/list.h"

struct bwrap_said {
	struct written *w;
	bool given[OPTIONS];
	bool rooted; /* `root` is written, or known not to be */
	bool stays;  /* the working directory is inside */
	char cwd[PATH_MAX];
	const char *perms, *size, *uid, *gid;
	char lower[PATH_MAX], caps[1000];
};

/* A bind of / that comes first is no other root. */
static void put_root(struct bwrap_said *s, enum bwrap_option op, char **word)
{
	bool whole =
		op >= BIND && op <= RO_BIND_TRY && !strcmp(word[1], "/") && !strcmp(word[2], "/");

	if (s->rooted)
		return;
	s->rooted = true;
	s->stays = whole;
	if (!whole)
		written_line(s->w, "root", "tmpfs");
	else
		written_line(s->w, "mnt", "new");
}

static void put_bind(struct bwrap_said *s, enum bwrap_option op, char **word)
{
	bool ro = op == RO_BIND || op == RO_BIND_TRY, dev = op == DEV_BIND || op == DEV_BIND_TRY;
	bool try = op == BIND_TRY || op == DEV_BIND_TRY || op == RO_BIND_TRY;
	char from[PATH_MAX], a[WRITTEN_WORD], b[WRITTEN_WORD];

	if (!strcmp(word[1], "/") && !strcmp(word[2], "/")) {
		if (ro)
			written_line(s->w, "ro", "/");
		return;
	}
	if (!strncmp(s->cwd, word[2], strlen(word[2])) && strchr("/", s->cwd[strlen(word[2])]))
		s->stays = true;
	if (word[1][0] == '/' || !realpath(word[1], from))
		snprintf(from, sizeof from, "%s", word[1]);
	written_line(s->w, "bind", "%s %s %srec,nosuid%s%s", written_word(a, from),
		     written_word(b, word[2]), ro ? "ro," : "", dev ? "" : ",nodev",
		     try ? ",optional" : "");
}

/* As --perms and --size before it say. */
static void put_made(struct bwrap_said *s, const char *key, const char *to)
{
	char word[WRITTEN_WORD];

	written_line(s->w, key, "%s%s%s%s%s%s", written_word(word, to),
		     s->size || s->perms ? " " : "", s->size ? "size=" : "", s->size ? s->size : "",
		     s->perms ? s->size ? ",mode=" : "mode=" : "", s->perms ? s->perms : "");
	s->size = s->perms = NULL;
}

static void put_overlay(struct bwrap_said *s, enum bwrap_option op, char **word)
{
	char a[WRITTEN_WORD], b[WRITTEN_WORD], c[WRITTEN_WORD], d[WRITTEN_WORD];

	written_word(a, s->lower);
	if (op == TMP_OVERLAY)
		written_line(s->w, "overlay-tmp", "%s %s", a, written_word(b, word[1]));
	else
		written_line(s->w, "overlay", "%s %s %s %s", a, written_word(b, word[1]),
			     written_word(c, word[2]), written_word(d, word[3]));
	s->lower[0] = '\0';
}

/* The last one that is given is uppermost. */
static void add_lower(struct bwrap_said *s, const char *path)
{
	char before[PATH_MAX];

	snprintf(before, sizeof before, "%s", s->lower);
	snprintf(s->lower, sizeof s->lower, "%s%s%.*s", path, before[0] ? ":" : "",
		 (int)(sizeof s->lower - strlen(path) - 2), before);
}

static void add_cap(struct bwrap_said *s, const char *name)
{
	name += !strncmp(name, "CAP_", 4) ? 4 : 0;
	list_add(s->caps, sizeof s->caps, name);
}

/* What is about files, in the order of the words. False: it is not. */
static bool take_file(struct bwrap_said *s, enum bwrap_option op, char **word)
{
	char a[WRITTEN_WORD], b[WRITTEN_WORD];
	bool file = (op >= BIND && op <= SYMLINK) || op == OVERLAY || op == TMP_OVERLAY;

	if (!file)
		return false;
	put_root(s, op, word);
	if (op <= RO_BIND_TRY)
		put_bind(s, op, word);
	else if (op == SYMLINK)
		written_line(s->w, "symlink", "%s %s", written_word(a, word[1]),
			     written_word(b, word[2]));
	else if (op == TMPFS || op == DIR)
		put_made(s, op == DIR ? "dir" : "tmpfs", word[1]);
	else if (op == OVERLAY || op == TMP_OVERLAY)
		put_overlay(s, op, word);
	else
		written_line(s->w,
			     op == REMOUNT_RO ? "ro"
			     : op == PROC     ? "proc"
			     : op == DEV      ? "dev"
					      : "mqueue",
			     "%s", written_word(a, word[1]));
	return true;
}

static void take(struct bwrap_said *s, enum bwrap_option op, char **word)
{
	s->given[op] = true;
	if (take_file(s, op, word))
		return;
	switch (op) {
	case UID:
		s->uid = word[1];
		break;
	case GID:
		s->gid = word[1];
		break;
	case HOSTNAME:
		written_line(s->w, "hostname", "%s", word[1]);
		break;
	case CHDIR:
		written_line(s->w, "cwd", "%s", word[1]);
		break;
	case SETENV:
		written_line(s->w, "env", "%s=%s", word[1], word[2]);
		break;
	case UNSETENV:
		written_line(s->w, "unsetenv", "%s", word[1]);
		break;
	case PERMS:
		s->perms = word[1];
		break;
	case SIZE:
		s->size = word[1];
		break;
	case OVERLAY_SRC:
		add_lower(s, word[1]);
		break;
	case CAP_ADD:
		add_cap(s, word[1]);
		break;
	case ARGV0:
		written_line(s->w, "arg0", "%s", word[1]);
		break;
	case CAP_DROP:
		if (strcmp(word[1], "ALL") != 0 && s->caps[0])
			written_lost(s->w, "--cap-drop %s", word[1]);
		break;
	default:
		if (op >= LOST)
			written_lost(s->w, "%s", word[0]);
		break;
	}
}

static void put_kind(struct bwrap_said *s, enum bwrap_option op, const char *key)
{
	bool not = op == UNSHARE_NET && s->given[SHARE_NET];

	if (s->given[op] || (s->given[UNSHARE_ALL] && !not ))
		written_line(s->w, key, "new");
}

static void put_map(struct bwrap_said *s, const char *key, const char *id, unsigned long own)
{
	if (id)
		written_line(s->w, key, "%s %lu 1", id, own);
	else
		written_line(s->w, key, "self");
}

/* What bwrap does without being told is told here, and the other way round. */
static void put_rest(struct bwrap_said *s)
{
	written_line(s->w, "user", "new");
	put_kind(s, UNSHARE_IPC, "ipc");
	put_kind(s, UNSHARE_PID, "pid");
	put_kind(s, UNSHARE_NET, "net");
	if (!s->given[HOSTNAME])
		put_kind(s, UNSHARE_UTS, "uts");
	put_kind(s, s->given[UNSHARE_CGROUP] ? UNSHARE_CGROUP : UNSHARE_CGROUP_TRY, "cgroup");
	if ((s->given[UNSHARE_PID] || s->given[UNSHARE_ALL]) && !s->given[PROC])
		written_line(s->w, "proc", "host");
	put_map(s, "uid_map", s->uid, geteuid());
	put_map(s, "gid_map", s->gid, getegid());
	if (s->given[CLEARENV])
		written_line(s->w, "clearenv", "yes");
	if (s->given[NEW_SESSION])
		written_line(s->w, "new_session", "yes");
	if (s->given[DIE])
		written_line(s->w, "die_with_parent", "yes");
	written_line(s->w, "caps", "%s",
		     !s->caps[0]	      ? "drop"
		     : strstr(s->caps, "ALL") ? "keep"
					      : s->caps);
	written_line(s->w, "no_new_privs", "yes");
}

void import_bwrap(struct written *w, int argc, char **argv)
{
	struct bwrap_said s = { .w = w };
	int i = 1, op, words;

	if (!getcwd(s.cwd, sizeof s.cwd))
		s.cwd[0] = '\0';
	while (i < argc && !strncmp(argv[i], "--", 2) && argv[i][2]) {
		op = bwrap_option_find(argv[i]);
		if (op < 0) {
			written_lost(w, "%s: no option of bwrap that is known here", argv[i]);
			i++;
			continue;
		}
		words = bwrap_option_words((enum bwrap_option)op);
		if (i + words >= argc) {
			written_lost(w, "%s: it has %d words", argv[i], words);
			break;
		}
		take(&s, (enum bwrap_option)op, argv + i);
		i += 1 + words;
	}
	for (i += i < argc && !strcmp(argv[i], "--"); i < argc; i++)
		written_note(w, "argument: %s", argv[i]);
	if (!s.rooted)
		written_line(w, "root", "tmpfs");
	if (!s.given[CHDIR] && !s.stays)
		written_line(w, "cwd", "/");
	put_rest(&s);
}
