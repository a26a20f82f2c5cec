#define _GNU_SOURCE
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shim/command/import/list.h"
#include "shim/command/import/unit/rule.h"

enum measure { COUNT, BYTES, SECONDS, MICROSECONDS, NICENESS };

/* A number and what it is counted in; several are added up. False: it is none. */
static bool read_span(const char *text, double one, double *n)
{
	static const struct {
		char name[8];
		double us;
	} units[] = {
		{ "us", 1 },	       { "usec", 1 },	   { "ms", 1e3 },
		{ "msec", 1e3 },       { "s", 1e6 },	   { "sec", 1e6 },
		{ "second", 1e6 },     { "seconds", 1e6 }, { "m", 60e6 },
		{ "min", 60e6 },       { "minute", 60e6 }, { "minutes", 60e6 },
		{ "h", 3600e6 },       { "hr", 3600e6 },   { "hour", 3600e6 },
		{ "hours", 3600e6 },   { "d", 86400e6 },   { "day", 86400e6 },
		{ "days", 86400e6 },   { "w", 604800e6 },  { "week", 604800e6 },
		{ "weeks", 604800e6 },
	};
	char *end;

	for (*n = 0; *text; text += strspn(text, " \t")) {
		double part = strtod(text, &end), us = one;
		size_t len, i = 0;

		if (end == text || !isdigit((unsigned char)text[0]))
			return false;
		text = end + strspn(end, " \t");
		len = strspn(text, "abcdefghijklmnopqrstuvwxyz");
		while (len && i < sizeof units / sizeof *units &&
		       (strlen(units[i].name) != len || strncmp(units[i].name, text, len) != 0))
			i++;
		if (i == sizeof units / sizeof *units)
			return false;
		if (len)
			us = units[i].us;
		*n += part * us;
		text += len;
	}
	return true;
}

static bool read_bytes(const char *text, double *n)
{
	static const char letters[] = "KMGTPE";
	char *end;
	const char *letter;

	*n = strtod(text, &end);
	if (end == text || !isdigit((unsigned char)text[0]))
		return false;
	letter = *end ? strchr(letters, *end) : NULL;
	for (; letter && letter >= letters; letter--)
		*n *= 1024;
	return !*end || (strchr(letters, *end) && !end[1]);
}

/* One side of a limit as a rule has it. False: it is none. */
static bool limit(char buf[32], const char *text, enum measure measure)
{
	double n = 0;
	bool fits;

	if (!strcmp(text, "infinity")) {
		snprintf(buf, 32, "unlimited");
		return true;
	}
	if (measure == NICENESS && strchr("+-", text[0])) {
		fits = text[0] && text[1] && strspn(text + 1, "0123456789") == strlen(text + 1);
		n = 20 - strtod(text, NULL);
	} else if (measure == SECONDS || measure == MICROSECONDS) {
		fits = read_span(text, measure == SECONDS ? 1e6 : 1, &n);
		n = measure == SECONDS ? (n + 999999) / 1e6 : n;
	} else {
		fits = read_bytes(text, &n);
	}
	snprintf(buf, 32, "%.0f", n - (n - (double)(unsigned long long)n));
	return fits && n < 18e18;
}

static void put_limits(struct unit *u)
{
	static const struct {
		char key[16], name[11], measure;
	} all[] = {
		{ "LimitCPU", "cpu", SECONDS },		{ "LimitFSIZE", "fsize", BYTES },
		{ "LimitDATA", "data", BYTES },		{ "LimitSTACK", "stack", BYTES },
		{ "LimitCORE", "core", BYTES },		{ "LimitRSS", "rss", BYTES },
		{ "LimitNOFILE", "nofile", COUNT },	{ "LimitAS", "as", BYTES },
		{ "LimitNPROC", "nproc", COUNT },	{ "LimitMEMLOCK", "memlock", BYTES },
		{ "LimitLOCKS", "locks", COUNT },	{ "LimitSIGPENDING", "sigpending", COUNT },
		{ "LimitMSGQUEUE", "msgqueue", BYTES }, { "LimitNICE", "nice", NICENESS },
		{ "LimitRTPRIO", "rtprio", COUNT },	{ "LimitRTTIME", "rttime", MICROSECONDS },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const struct unit_line *l = unit_last(u, all[i].key);
		char *text = l ? (char *)unit_print(u, "%s", l->value) : NULL, *colon;
		char soft[32], hard[32];

		if (!l)
			continue;
		colon = strchr(text, ':');
		if (colon)
			*colon++ = '\0';
		if (limit(soft, text, (enum measure)all[i].measure) &&
		    limit(hard, colon ? colon : text, (enum measure)all[i].measure))
			written_line(u->w, "rlimit", "%s %s %s", all[i].name, soft, hard);
		else
			unit_wrong(u, l, "no limit: SOFT:HARD, or infinity");
	}
}

/* Numbers that a rule has in the same form. */
static void put_numbers(struct unit *u)
{
	static const struct {
		char key[16], name[16];
		int base, least, most;
	} all[] = {
		{ "OOMScoreAdjust", "oom_score_adj", 10, -1000, 1000 },
		{ "Nice", "nice", 10, -20, 19 },
		{ "UMask", "umask", 8, 0, 0777 },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const struct unit_line *l = unit_last(u, all[i].key);
		char *end = NULL;
		long n = l ? strtol(l->value, &end, all[i].base) : 0;

		if (l && (*end || n < all[i].least || n > all[i].most))
			unit_wrong(u, l, "no such number");
		else if (l)
			written_line(u->w, all[i].name, all[i].base == 8 ? "%03lo" : "%ld", n);
		else if (all[i].base == 8 && !u->own)
			written_line(u->w, all[i].name, "022");
	}
}

/* What the kernel has where nothing is said: best-effort, 4. */
static void put_io(struct unit *u)
{
	static const char names[][12] = { "none", "realtime", "best-effort", "idle" };
	static const char numbers[][2] = { "0", "1", "2", "3" }, to[][3] = { "", "rt", "be", "" };
	const struct unit_line *class = unit_last(u, "IOSchedulingClass");
	const struct unit_line *level = unit_last(u, "IOSchedulingPriority");
	int n = class ? words_find(WORDS(names), class->value) : 2;

	if (class && n < 0 && (n = words_find(WORDS(numbers), class->value)) < 0)
		unit_wrong(u, class, "no class");
	if (level && (level->value[1] || !strchr("01234567", level->value[0])))
		unit_wrong(u, level, "no priority: 0 to 7");
	else if (n == 0 || n == 3)
		written_line(u->w, "ioprio", "%s", names[n]);
	else if ((class || level) && n > 0)
		written_line(u->w, "ioprio", "%s:%s", to[n], level ? level->value : "4");
}

static void put_cpus(struct unit *u)
{
	const struct unit_line *l = NULL;
	const char *at, *word;
	char list[160] = "";

	while ((l = unit_next(u, "CPUAffinity", l)))
		for (at = l->value; unit_word(u, l, &at, &word);) {
			size_t len = strlen(word);

			if (!strcmp(word, "numa"))
				unit_lost(u, l, NULL);
			else if (strspn(word, "0123456789,-") != len)
				unit_wrong(u, l, "no list of processors");
			else if (len && word[len - 1] == ',')
				list_add(list, sizeof list,
					 unit_print(u, "%.*s", (int)len - 1, word));
			else
				list_add(list, sizeof list, word);
		}
	if (list[0])
		written_line(u->w, "cpus", "%s", list);
}

/* `/` where nothing is said, or where what may be missing is so; of a user his home. */
static void put_cwd(struct unit *u, const struct unit_user *who)
{
	const char *root = unit_value(u, "RootDirectory"), *path = NULL;
	const struct unit_line *l = unit_last(u, "WorkingDirectory");
	enum unit_home home = import_unit_home(u);
	bool optional = l && l->value[0] == '-';

	if (l)
		path = unit_text(u, l, l->value + optional);
	if (!path)
		path = u->own && (home == HOME_LEFT || home == HOME_RO) ? who->home : "/";
	if (!strcmp(path, "~"))
		path = who->home;
	if (optional && access(unit_print(u, "%s%s", root ? root : "", path), X_OK))
		path = "/";
	if (path[0] != '/')
		unit_wrong(u, l, "neither an absolute path nor `~`");
	else
		written_line(u->w, "cwd", "%s", path);
}

void import_unit_life(struct unit *u, const struct unit_user *who)
{
	put_limits(u);
	put_numbers(u);
	put_io(u);
	put_cpus(u);
	put_cwd(u, who);
	if (unit_yes(u, "NoNewPrivileges") || who->dynamic)
		written_line(u->w, "no_new_privs", "yes");
}
