#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shim/command/import/unit/unit.h"
#include "shim/command/out.h"

/*
 * Read by hand: inih cuts lines at 200 bytes and values at ` ;`, GKeyFile keeps one line of a key,
 * neither joins lines at a backslash, and systemd's own reader is in no library.
 */
enum section { SECTION_NONE, SECTION_OTHER, SECTION_UNIT, SECTION_SERVICE };

struct reading {
	struct unit *u;
	const char *name;
	FILE *from;
	unsigned read, number; /* lines so far; the one where this one begins */
	enum section section;
	bool service; /* there was such a section */
};

static const char blanks[] = " \t\r\n";

static int refuse(const struct reading *r, const char *why)
{
	out_refuse("import", "%s:%u: %s", r->name, r->number, why);
	return -1;
}

static void strip(char *text)
{
	size_t len = strlen(text);

	while (len && strchr(blanks, text[len - 1]))
		text[--len] = '\0';
}

/* With a backslash at its end, which no other takes the meaning from; the text is without it then. */
static bool goes_on(char *text)
{
	size_t len = strcspn(text, "\r\n"), before = len;

	text[len] = '\0';
	while (before && text[before - 1] == '\\')
		before--;
	if ((len - before) % 2 == 0)
		return false;
	text[len - 1] = ' ';
	return true;
}

/* The next line that says something, with those that continue it, to be freed; null: no more. */
static char *next_line(struct reading *r)
{
	char *all = NULL, *part = NULL, *at;
	size_t size = 0, room = 0;
	bool more = false, any = false;
	FILE *to = open_memstream(&all, &size);

	if (!to)
		abort();
	while ((!any || more) && getline(&part, &room, r->from) >= 0) {
		at = part + (r->read++ || strncmp(part, "\xef\xbb\xbf", 3) != 0 ? 0 : 3);
		at += strspn(at, blanks);
		if (strchr("#;", *at) && (*at || !more))
			continue;
		r->number = any ? r->number : r->read;
		any = true;
		more = goes_on(at);
		fputs(at, to);
	}
	free(part);
	fclose(to);
	strip(all);
	if (any)
		return all;
	free(all);
	return NULL;
}

static void keep(struct reading *r, const char *key, const char *value)
{
	struct unit *u = r->u;

	if (u->count == u->room) {
		u->room = 2 * u->room + 64;
		u->line = reallocarray(u->line, u->room, sizeof *u->line);
		if (!u->line)
			abort();
	}
	u->line[u->count++] = (struct unit_line){
		.file = r->name,
		.number = r->number,
		.key = unit_print(u, "%s", key),
		.value = unit_print(u, "%s", value),
	};
}

static int take_section(struct reading *r, const char *text)
{
	if (text[strlen(text) - 1] != ']')
		return refuse(r, "a section's header without a `]`");
	r->section = !strcmp(text, "[Service]") ? SECTION_SERVICE
		     : !strcmp(text, "[Unit]")	? SECTION_UNIT
						: SECTION_OTHER;
	r->service |= r->section == SECTION_SERVICE;
	return 0;
}

static int take_line(struct reading *r, char *text)
{
	char *value = strchr(text, '=');

	if (text[0] == '[')
		return take_section(r, text);
	if (r->section == SECTION_NONE)
		return refuse(r, "before the first section: this is no unit");
	if (!value)
		return refuse(r, "no `=`: a line is `KEY=VALUE`");
	*value++ = '\0';
	value += strspn(value, blanks);
	strip(text);
	if (r->section == SECTION_SERVICE ||
	    (r->section == SECTION_UNIT && !strcmp(text, "JoinsNamespaceOf")))
		keep(r, text, value);
	return 0;
}

static int read_one(struct unit *u, const char *name, bool *service)
{
	struct reading r = { .u = u, .name = unit_print(u, "%s", name) };
	int failed = 0;
	char *text;

	r.from = !strcmp(name, "-") ? stdin : fopen(name, "re");
	if (!r.from) {
		out_refuse("import", "%s: %s", name, strerror(errno));
		return -1;
	}
	errno = 0;
	while (!failed && (text = next_line(&r))) {
		failed = take_line(&r, text);
		free(text);
	}
	if (ferror(r.from)) {
		out_refuse("import", "%s: %s", name, strerror(errno));
		failed = -1;
	}
	if (r.from != stdin)
		fclose(r.from);
	*service |= r.service;
	return failed;
}

static int is_dropin(const struct dirent *entry)
{
	size_t len = strlen(entry->d_name);

	return entry->d_name[0] != '.' && len > 5 && !strcmp(entry->d_name + len - 5, ".conf");
}

/* By their names, in the order of bytes; that there is no such folder is no error. */
static int read_dropins(struct unit *u, const char *file, bool *service)
{
	const char *folder = unit_print(u, "%s.d", file);
	struct dirent **all;
	int failed = 0, n = scandir(folder, &all, is_dropin, alphasort);

	for (int i = 0; i < n; i++) {
		if (!failed)
			failed = read_one(u, unit_print(u, "%s/%s", folder, all[i]->d_name),
					  service);
		free(all[i]);
	}
	if (n >= 0)
		free(all);
	return failed;
}

int unit_read(struct unit *u, const char *file)
{
	bool service = false, named = strcmp(file, "-") != 0;

	u->name = named ? basename(file) : "";
	if (read_one(u, file, &service) || (named && read_dropins(u, file, &service)))
		return -1;
	if (service)
		return 0;
	out_refuse("import", "%s: no [Service]: this is no unit of a service", file);
	return -1;
}
