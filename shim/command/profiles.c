#define _GNU_SOURCE
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "conf/text.h"
#include "shim/command/command.h"
#include "shim/command/json.h"
#include "shim/command/lines.h"
#include "shim/command/option.h"
#include "shim/command/out.h"
#include "shim/locate.h"

#define SUFFIX ".ini"

static const char help[] =
	"usage: nsshim profiles [--json]\n"
	"\n"
	"The profiles that can be named, as in `nsshim run -p NAME`: name, file, and\n"
	"the first sentence of the comment that it begins with. They are in\n"
	"$XDG_CONFIG_HOME/nsshim (~/.config/nsshim), /etc/nsshim and\n" PREFIX
	"/share/nsshim; one that an earlier folder hides is marked.\n"
	"\n"
	"  -j, --json  the same as an array of objects\n"
	"  -h, --help  this\n";

static const struct option_row rows[] = { { "json", 'j', OPTION_PLAIN }, OPTION_HELP };

static int is_profile(const struct dirent *d)
{
	size_t len = strlen(d->d_name), end = strlen(SUFFIX);

	return len > end && d->d_name[0] != '.' && !strcmp(d->d_name + len - end, SUFFIX);
}

/* One more comment line, as far as the sentence goes. True: that was its end. */
static bool add_line(struct text *t, const char *at, size_t len)
{
	while (len && strchr("; #", *at))
		at++, len--;
	for (size_t i = 0; i < len; i++)
		if (strchr(".:", at[i]) && (i + 1 == len || at[i + 1] == ' ')) {
			text_bytes(t, at, i);
			return true;
		}
	text_bytes(t, at, len);
	text_str(t, len ? " " : "");
	return !len;
}

/* What it is for, "" where it does not say so, into words. */
static void describe(const char *file, char *words, size_t size)
{
	struct text t = text_in(words, size);
	struct fault f;
	size_t len;
	char *text = lines_text(file, &len, &f), *at = text;

	if (!text)
		text_str(&t, "(it cannot be read)");
	while (text && at < text + len && (*at == ';' || *at == '#')) {
		char *end = memchr(at, '\n', (size_t)(text + len - at));

		end = end ? end : text + len;
		if (add_line(&t, at, (size_t)(end - at)))
			break;
		at = end < text + len ? end + 1 : end;
	}
	free(text);
}

static bool is_known(const json_t *all, const char *name)
{
	for (size_t i = 0; i < json_array_size(all); i++)
		if (!strcmp(json_said(json_array_get(all, i), "name"), name))
			return true;
	return false;
}

static void add(json_t *all, const char *name, const char *file)
{
	json_t *one = json_object();
	char words[200];

	if (file)
		describe(file, words, sizeof words);
	else
		text_copy(words, sizeof words, "a network and IPC of its own for each program");
	json_put(one, "name", json_text(name));
	json_put(one, "file", json_text(file));
	json_put(one, "hidden", json_boolean(is_known(all, name)));
	json_put(one, "description", json_text(words));
	json_add(all, one);
}

static void add_folder(json_t *all, const char *folder)
{
	struct dirent **entry;
	int count = scandir(folder, &entry, is_profile, alphasort);
	char *file, *name;

	for (int i = 0; i < count; i++) {
		name = strndup(entry[i]->d_name, strlen(entry[i]->d_name) - strlen(SUFFIX));
		if (!name || asprintf(&file, "%s/%s", folder, entry[i]->d_name) < 0)
			abort();
		add(all, name, file);
		free(file);
		free(name);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
}

static void print(const json_t *one)
{
	const char *file = json_said(one, "file");
	bool hidden = json_is_true(json_object_get(one, "hidden"));
	bool colours = out_colours();

	printf("%s%-16s%s %s%s\n", colours && !hidden ? "\033[1m" : "", json_said(one, "name"),
	       colours && !hidden ? "\033[m" : "", file[0] ? file : "(built-in)",
	       hidden ? "  (hidden by the one above)" : "");
	if (json_said(one, "description")[0])
		printf("%16s %s\n", "", json_said(one, "description"));
}

int command_profiles(int argc, char **argv)
{
	const struct options o = { rows, sizeof rows / sizeof *rows, true, help };
	json_t *all = json_array();
	char folder[PATH_MAX];
	int letter, status;
	bool json = false;

	while ((letter = option_next(argc, argv, &o, &status)) != OPTION_END) {
		if (letter == OPTION_DONE)
			return status;
		json = true;
	}
	if (optind != argc)
		return option_misused("profiles", &o, "it takes no argument: nsshim show PROFILE?");
	for (unsigned i = 0; i < LOCATE_FOLDERS; i++)
		if (locate_folder(i, folder))
			add_folder(all, folder);
	if (!is_known(all, "default"))
		add(all, "default", NULL);
	if (json)
		return json_end(all, 0);
	json_plain(all);
	for (size_t i = 0; i < json_array_size(all); i++)
		print(json_array_get(all, i));
	json_decref(all);
	return out_end(0);
}
