#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/command/import/list.h"
#include "shim/command/import/unit/places.h"
#include "shim/command/import/unit/rule.h"

/* Without what a path can have too much of; null: it is none, which is told. */
static const char *tidy(struct unit *u, const struct unit_line *l, const char *path)
{
	char *copy = (char *)unit_print(u, "%s", path), *to = copy;

	if (path[0] != '/') {
		unit_wrong(u, l, "no absolute path");
		return NULL;
	}
	for (const char *c = path; *c; c++)
		if (c[0] != '/' || (c[1] != '/' && c[1]))
			*to++ = *c;
	if (to == copy)
		*to++ = '/';
	*to = '\0';
	return copy;
}

/* Below the root of the unit, as it is called inside; null: it is not. */
static const char *inside(const struct places *p, const char *path)
{
	size_t len = strlen(p->root);

	if (!len || (!strncmp(path, p->root, len) && path[len] == '/'))
		return path + len;
	return !strcmp(path, p->root) ? "/" : NULL;
}

static void take_list(struct places *p, const char *key, enum place_mode mode)
{
	const struct unit_line *l = NULL;
	const char *at, *word;

	while ((l = unit_next(p->u, key, l)))
		for (at = l->value; unit_word(p->u, l, &at, &word);) {
			struct place one = { .mode = mode, .by = l };
			bool of_root;

			one.optional = word[0] == '-';
			of_root = word[one.optional] == '+';
			one.path = tidy(p->u, l, word + one.optional + of_root);
			if (one.path && !of_root)
				one.path = inside(p, one.path);
			else if (!one.path)
				continue;
			if (one.path)
				places_add(p, &one);
			else
				unit_lost(p->u, l, "it is not below RootDirectory");
		}
}

static void take_bind(struct places *p, const struct unit_line *l, const char *word)
{
	struct place one = { .mode = PLACE_BIND, .by = l };
	char *from = (char *)unit_print(p->u, "%s", word + (word[0] == '-')), *to, *how;

	one.optional = word[0] == '-';
	one.ro = !strcmp(l->key, "BindReadOnlyPaths");
	to = strchr(from, ':');
	how = to ? strchr(to + 1, ':') : NULL;
	if (to)
		*to++ = '\0';
	if (how)
		*how++ = '\0';
	if (how && !strcmp(how, "norbind"))
		one.words = how;
	else if (how && *how && strcmp(how, "rbind") != 0)
		unit_wrong(p->u, l, "neither rbind nor norbind");
	one.from = tidy(p->u, l, from);
	one.path = one.from && to && *to ? tidy(p->u, l, to) : one.from;
	if (one.path)
		places_add(p, &one);
}

static void take_binds(struct places *p)
{
	const struct unit_line *l = NULL;
	const char *at, *word;

	while ((l = unit_next(p->u, "BindPaths BindReadOnlyPaths", l)))
		for (at = l->value; unit_word(p->u, l, &at, &word);)
			take_bind(p, l, word);
}

static void take_tmpfs(struct places *p, const struct unit_line *l, const char *word)
{
	static const char usual[][12] = { "rw", "nodev", "nosuid", "strictatime", "relatime", "" };
	struct place one = { .mode = PLACE_TMPFS, .by = l };
	char *copy = (char *)unit_print(p->u, "%s", word), *next = NULL, *o;
	char words[80] = "";

	o = strchr(copy, ':');
	if (o)
		*o++ = '\0';
	for (o = strtok_r(o ? o : "", ",", &next); o; o = strtok_r(NULL, ",", &next)) {
		if (!strncmp(o, "size=", 5) || !strncmp(o, "mode=", 5))
			list_add(words, sizeof words, o);
		else if (!strcmp(o, "ro"))
			one.ro = true;
		else if (words_find(WORDS(usual), o) < 0)
			unit_lost(p->u, l, o);
	}
	if (!strstr(words, "mode="))
		list_add(words, sizeof words, "mode=755");
	one.words = unit_print(p->u, "%s", words);
	one.path = tidy(p->u, l, copy);
	if (one.path)
		places_add(p, &one);
}

/* What one setting says of several paths: of those that are there, but where it is to hide them. */
struct implied {
	char key[22];
	char path[24];
	enum place_mode mode;
};

static void add_implied(struct places *p, const char *key)
{
	static const struct implied all[] = {
		{ "yes", "/usr", PLACE_RO },
		{ "yes", "/boot", PLACE_RO },
		{ "yes", "/efi", PLACE_RO },
		{ "full", "/etc", PLACE_RO },
		{ "strict", "/", PLACE_RO },
		{ "strict", "/proc", PLACE_LEFT },
		{ "strict", "/sys", PLACE_LEFT },
		{ "strict", "/dev", PLACE_LEFT },
		{ "strict", "/home", PLACE_LEFT },
		{ "strict", "/root", PLACE_LEFT },
		{ "strict", "/run/user", PLACE_LEFT },
		{ "ProtectKernelTunables", "/proc/sys", PLACE_RO },
		{ "ProtectKernelTunables", "/proc/sysrq-trigger", PLACE_RO },
		{ "ProtectKernelTunables", "/proc/latency_stats", PLACE_RO },
		{ "ProtectKernelTunables", "/proc/acpi", PLACE_RO },
		{ "ProtectKernelTunables", "/proc/timer_stats", PLACE_RO },
		{ "ProtectKernelTunables", "/proc/fs", PLACE_RO },
		{ "ProtectKernelTunables", "/proc/irq", PLACE_RO },
		{ "ProtectKernelTunables", "/proc/kallsyms", PLACE_HIDE },
		{ "ProtectKernelTunables", "/proc/kcore", PLACE_HIDE },
		{ "ProtectKernelTunables", "/sys", PLACE_RO },
		{ "ProtectKernelTunables", "/sys/fs/cgroup", PLACE_LEFT },
		{ "ProtectControlGroups", "/sys/fs/cgroup", PLACE_RO },
		{ "ProtectKernelModules", "/usr/lib/modules", PLACE_HIDE },
		{ "ProtectKernelLogs", "/proc/kmsg", PLACE_HIDE },
		{ "ProtectKernelLogs", "/dev/kmsg", PLACE_HIDE },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const struct implied *one = all + i;
		bool known = one->mode == PLACE_HIDE || places_there(p, one->path);

		if (!strcmp(one->key, key) && known)
			places_add(p, &(struct place){ .path = one->path,
						       .mode = one->mode,
						       .optional = true });
	}
}

static void add_system(struct places *p, bool dynamic)
{
	static const char words[][8] = { "yes", "no", "full", "strict" };
	int system = unit_choice(p->u, "ProtectSystem", WORDS(words));

	if (dynamic || system == 3) {
		add_implied(p, "strict");
		return;
	}
	if (system == 0 || system == 2)
		add_implied(p, "yes");
	if (system == 2)
		add_implied(p, "full");
}

enum unit_home import_unit_home(struct unit *u)
{
	static const char words[][10] = { "yes", "no", "read-only", "tmpfs" };
	int i = unit_choice(u, "ProtectHome", WORDS(words));

	return i < 0 ? HOME_LEFT : (enum unit_home)i;
}

static void add_home(struct places *p, bool dynamic)
{
	static const char homes[][10] = { "/home", "/root", "/run/user" };
	static const char modes[] = { PLACE_HIDE, PLACE_RO, PLACE_RO, PLACE_TMPFS };
	enum unit_home home = import_unit_home(p->u);

	if (home == HOME_LEFT && !dynamic)
		return;
	for (size_t i = 0; i < sizeof homes / sizeof *homes; i++)
		if (places_there(p, homes[i]))
			places_add(p, &(struct place){ .path = homes[i],
						       .mode = (enum place_mode)modes[home],
						       .words = "mode=755",
						       .ro = true,
						       .optional = true });
}

/* The host's, where the root is another; but its devices, where they are the unit's own. */
static void add_api(struct places *p, bool implied)
{
	static const char api[][6] = { "/proc", "/sys", "/dev" };

	if (!(unit_yes(p->u, "MountAPIVFS") | implied) || !p->root[0])
		return;
	for (size_t i = 0; i < sizeof api / sizeof *api; i++)
		places_add(p,
			   &(struct place){ .path = api[i], .mode = PLACE_BIND, .from = api[i] });
	places_add(p, &(struct place){ .path = "/run", .mode = PLACE_TMPFS, .words = "mode=755" });
}

void import_unit_files(struct unit *u, bool dynamic)
{
	static const char asked[][22] = { "ProtectKernelTunables", "ProtectControlGroups",
					  "ProtectKernelModules", "ProtectKernelLogs" };
	const char *root = unit_value(u, "RootDirectory");
	struct places p = { .u = u, .root = root && root[1] ? root : "" };
	bool api = false;

	for (size_t i = 0; i < sizeof asked / sizeof *asked; i++)
		if (unit_yes(u, asked[i])) {
			add_implied(&p, asked[i]);
			api |= i < 2;
		}
	add_api(&p, api);
	add_system(&p, dynamic);
	add_home(&p, dynamic);
	if (unit_yes(u, "PrivateDevices"))
		places_add(&p, &(struct place){ .path = "/dev", .mode = PLACE_DEV });
	if (unit_yes(u, "PrivateTmp") || dynamic) {
		places_add(&p, &(struct place){
				       .path = "/tmp", .mode = PLACE_TMPFS, .words = "mode=1777" });
		places_add(&p, &(struct place){ .path = "/var/tmp",
						.mode = PLACE_TMPFS,
						.words = "mode=1777" });
	}
	take_list(&p, "ReadOnlyPaths", PLACE_RO);
	take_list(&p, "ReadWritePaths", PLACE_RW);
	take_list(&p, "InaccessiblePaths", PLACE_HIDE);
	take_list(&p, "NoExecPaths", PLACE_NOEXEC);
	take_list(&p, "ExecPaths", PLACE_EXEC);
	take_binds(&p);
	for (const struct unit_line *l = NULL; (l = unit_next(u, "TemporaryFileSystem", l));) {
		const char *at = l->value, *word;

		while (unit_word(u, l, &at, &word))
			take_tmpfs(&p, l, word);
	}
	places_folders(&p);
	places_write(&p);
	if (unit_yes(u, "PrivateIPC") && places_there(&p, "/dev/mqueue"))
		written_line(u->w, "mqueue", "/dev/mqueue");
}
