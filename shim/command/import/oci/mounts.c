#define _GNU_SOURCE
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "shim/command/import/list.h"
#include "shim/command/import/oci/oci.h"

/* The options of a mount, taken apart. */
struct mount {
	const char *to;
	char source[PATH_MAX];
	char words[80]; /* of `bind` */
	bool bind, rec, ro;
	char size[32], mode[16];
	const char *lower, *upper, *work;
};

static bool starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* What a rule does by itself, or what changes nothing that a program sees. */
static bool is_usual(const char *o)
{
	static const char usual[][14] = {
		"rw",	 "suid",   "dev",	  "exec",     "private",    "rprivate",
		"async", "atime",  "relatime",	  "noatime",  "nodiratime", "strictatime",
		"mand",	 "nomand", "diratime",	  "defaults", "tmpcopyup",  "norelatime",
		"sync",	 "silent", "newinstance",
	};

	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
		if (!strcmp(o, usual[i]))
			return true;
	return starts(o, "ptmxmode=") || starts(o, "gid=5") || starts(o, "nr_inodes=");
}

static void take_option(struct written *w, struct mount *m, const char *o)
{
	if (!strcmp(o, "bind") || !strcmp(o, "rbind")) {
		m->bind = true;
		m->rec |= o[0] == 'r';
	} else if (!strcmp(o, "ro")) {
		m->ro = true;
	} else if (!strcmp(o, "nosuid") || !strcmp(o, "nodev") || !strcmp(o, "noexec")) {
		list_add(m->words, sizeof m->words, o);
	} else if (starts(o, "size=")) {
		snprintf(m->size, sizeof m->size, "%s", o);
	} else if (starts(o, "mode=")) {
		snprintf(m->mode, sizeof m->mode, "%s", o);
	} else if (starts(o, "lowerdir=")) {
		m->lower = strchr(o, '=') + 1;
	} else if (starts(o, "upperdir=")) {
		m->upper = strchr(o, '=') + 1;
	} else if (starts(o, "workdir=")) {
		m->work = strchr(o, '=') + 1;
	} else if (!is_usual(o)) {
		written_lost(w, "mount of %s: %s", m->to, o);
	}
}

static void put_bind(struct written *w, struct mount *m)
{
	char from[WRITTEN_WORD], to[WRITTEN_WORD];

	if (m->rec)
		list_add(m->words, sizeof m->words, "rec");
	if (m->ro)
		list_add(m->words, sizeof m->words, "ro");
	written_line(w, "bind", "%s %s%s%s", written_word(from, m->source), written_word(to, m->to),
		     m->words[0] ? " " : "", m->words);
}

static void put_tmpfs(struct written *w, const struct mount *m)
{
	char to[WRITTEN_WORD];
	bool both = m->size[0] && m->mode[0];

	if (strstr(m->words, "noexec"))
		written_lost(w, "mount of %s: noexec", m->to);
	written_line(w, "tmpfs", "%s%s%s%s%s", written_word(to, m->to),
		     m->size[0] || m->mode[0] ? " " : "", m->size, both ? "," : "", m->mode);
}

static void put_overlay(struct written *w, const struct mount *m)
{
	char lower[WRITTEN_WORD], upper[WRITTEN_WORD], work[WRITTEN_WORD], to[WRITTEN_WORD];

	if (!m->lower || !m->upper || !m->work)
		written_lost(w, "mount of %s: an overlay without upperdir and workdir", m->to);
	else
		written_line(w, "overlay", "%s %s %s %s", written_word(lower, m->lower),
			     written_word(upper, m->upper), written_word(work, m->work),
			     written_word(to, m->to));
}

/*
 * A runtime fills a tmpfs at /dev with devices, as `dev` does, which has /dev/pts, and /dev/mqueue
 * where the rule mounts one.
 */
static void put(struct written *w, const char *type, struct mount *m, bool own_pids, bool *dev)
{
	char to[WRITTEN_WORD];

	written_word(to, m->to);
	if (m->bind || !strcmp(type, "bind") || !strcmp(type, "none")) {
		put_bind(w, m);
		return;
	}
	if (!strcmp(type, "tmpfs") && !strcmp(m->to, "/dev")) {
		written_line(w, "dev", "%s", to);
		*dev = true;
	} else if (!strcmp(type, "tmpfs")) {
		put_tmpfs(w, m);
	} else if (!strcmp(type, "proc") && own_pids) {
		written_line(w, "proc", "%s", to);
	} else if (!strcmp(type, "proc")) {
		written_line(w, "bind", "/proc %s rec", to);
	} else if (!strcmp(type, "devpts")) {
		if (!*dev || strcmp(m->to, "/dev/pts") != 0)
			written_line(w, "devpts", "%s", to);
	} else if (!strcmp(type, "sysfs") || !strcmp(type, "mqueue")) {
		written_line(w, type, "%s", to);
	} else if (!strcmp(type, "overlay")) {
		put_overlay(w, m);
	} else {
		written_lost(w, "mount of %s: type %s", m->to, type);
		return;
	}
	if (m->ro)
		written_line(w, "ro", "%s", to);
}

static void take(struct written *w, const json_t *one, const char *folder, bool own_pids, bool *dev)
{
	const json_t *options = json_object_get(one, "options");
	const char *source = json_said(one, "source");
	struct mount m = { .to = json_said(one, "destination") };

	snprintf(m.source, sizeof m.source, "%s%s%s", source[0] == '/' ? "" : folder,
		 source[0] == '/' ? "" : "/", source);
	for (size_t i = 0; i < json_array_size(options); i++)
		take_option(w, &m, json_string_value(json_array_get(options, i)) ?: "");
	put(w, json_said(one, "type"), &m, own_pids, dev);
	import_oci_rest(w, one, "mounts.", "destination source type options");
}

/* In a root that is read-only by the time of its turn, what a runtime would make is made before. */
static void make_place(struct written *w, const json_t *one, const char *root)
{
	const char *to = json_said(one, "destination");
	char whole[2 * PATH_MAX], word[WRITTEN_WORD];
	struct stat st;

	snprintf(whole, sizeof whole, "%s%s", root, to);
	if (!lstat(whole, &st))
		return;
	written_word(word, to);
	if (!stat(json_said(one, "source"), &st) && !S_ISDIR(st.st_mode))
		written_lost(w,
			     "mount of %s: there is no such file in the root, which is "
			     "read-only: make it",
			     to);
	else
		written_line(w, "dir", "%s", word);
}

void import_oci_places(struct written *w, const json_t *mounts, const char *root)
{
	for (size_t i = 0; i < json_array_size(mounts); i++)
		make_place(w, json_array_get(mounts, i), root);
}

void import_oci_mounts(struct written *w, const json_t *mounts, const char *folder, bool own_pids)
{
	bool dev = false;

	for (size_t i = 0; i < json_array_size(mounts); i++)
		take(w, json_array_get(mounts, i), folder, own_pids, &dev);
}
